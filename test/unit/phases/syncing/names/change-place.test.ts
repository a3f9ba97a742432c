/** Which side a failed call belongs to, and the path that it is reported with. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemError } from '../../../../../src/linux/system-error.ts';
import type { Side } from '../../../../../src/model/task.ts';
import { failingSide, pathOf } from '../../../../../src/phases/syncing/names/change-place.ts';
import { withPlace } from '../../../../support/applying.ts';
import { makeTwoTrees, type TwoTrees } from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  for (const side of ['source', 'destination'] as const) trees.make(side, 'd/e/');
});
afterEach(async () => trees.remove());

async function sideOf(error: unknown, side: Side): Promise<Side> {
  return withPlace(trees.context(), 'f', {}, async (place) => {
    place.at.side = side;
    return Promise.resolve(failingSide(error, place));
  });
}

function failure(syscall: string, side?: Side): SystemError {
  const error = new SystemError(-5, syscall, 'f');
  error.side = side;
  return error;
}

describe('a call that failed', () => {
  it.each(['pread', 'lseek', 'readlinkat'])('reads the source if it is %s', async (syscall) => {
    expect(await sideOf(failure(syscall), 'destination')).toBe('source');
  });

  it.each(['pwrite', 'openat', 'statx', 'copy_file_range'])(
    'is of the side that was worked on if it is %s',
    async (syscall) => {
      expect(await sideOf(failure(syscall), 'destination')).toBe('destination');
      expect(await sideOf(failure(syscall), 'source')).toBe('source');
    },
  );

  it('is of the side that it names, whatever it does', async () => {
    expect(await sideOf(failure('pread', 'destination'), 'source')).toBe('destination');
    expect(await sideOf(failure('pwrite', 'source'), 'destination')).toBe('source');
  });

  it('is of the side that was worked on if it is no call at all', async () => {
    const error = Object.assign(new Error('a bug'), { syscall: 'pread', side: 'source' });
    expect(await sideOf(error, 'destination')).toBe('destination');
  });
});

it.each(['f', 'd/f', 'd/e/f'])('the path %s is relative to the root', async (path) => {
  expect(await withPlace(trees.context(), path, {}, async (place) => Promise.resolve(pathOf(place)))).toBe(
    path,
  );
});
