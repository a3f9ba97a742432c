/** What ends the run: a destination that is full or read-only as a whole, and no failure of one path. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import type { Linux } from '../../../../../src/linux/call-table.ts';
import { EIO, EROFS, SystemError } from '../../../../../src/linux/system-error.ts';
import { endsRun } from '../../../../../src/phases/syncing/scope/spent-destination.ts';
import { makeTwoTrees, withCalls, withUnopened, type TwoTrees } from '../../../../support/march-context.ts';

const [ENOSPC, EDQUOT] = [28, 122];

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('destination', 'd/e/f');
});
afterEach(async () => trees.remove());

/** statfs(2) reports this much room. */
function withRoom(room: { readonly blocks: number; readonly freeInodes?: number; readonly inodes?: number }) {
  const { blocks, inodes = 100, freeInodes = 100 } = room;
  return withCalls(trees.context(), 'destination', () => ({
    statfs: (_, buffer) => {
      const words = new BigInt64Array((buffer as Buffer).buffer, (buffer as Buffer).byteOffset, 15);
      words.set([0n, 4096n, 1000n, 1000n, BigInt(blocks), BigInt(inodes), BigInt(freeInodes), 0n, 255n]);
      return 0;
    },
  }));
}

function withReadOnly(calls: Partial<Linux> = {}): WorkerContext {
  return withCalls(trees.context(), 'destination', () => ({ futimens: () => -EROFS, ...calls }));
}

const FULL = { blocks: 255 };
const ROOMY = { blocks: 256 };

function failure(errno: number, syscall = 'pwrite'): SystemError {
  return new SystemError(-errno, syscall, 'd/e/f');
}

describe('a full destination', () => {
  it.each([ENOSPC, EDQUOT])('ends the run where it has no room at all: %i', async (errno) => {
    expect(await endsRun(withRoom(FULL), failure(errno), 'd/e/f')).toBe(true);
  });

  it.each([
    ['it has room by now', ROOMY],
    ['its number of inodes has no limit', { blocks: 256, inodes: 0, freeInodes: 0 }],
  ])('goes on if %s', async (_, room) => {
    expect(await endsRun(withRoom(room), failure(ENOSPC), 'd/e/f')).toBe(false);
  });

  it('ends the run if only the inodes are used up', async () => {
    expect(await endsRun(withRoom({ ...ROOMY, freeInodes: 0 }), failure(ENOSPC), 'd/e/f')).toBe(true);
  });

  it('ends the run if nobody can say how much room there is', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ statfs: () => -EIO }));
    expect(await endsRun(context, failure(ENOSPC), 'd/e/f')).toBe(true);
  });

  it('goes on if there is no room for the attributes of one file', async () => {
    expect(await endsRun(withRoom(FULL), failure(ENOSPC, 'setxattr user.a'), 'd/e/f')).toBe(false);
  });

  it('goes on if EFS says so of what is in flight', async () => {
    const context = withRoom(FULL);
    const { setup } = trees.context({ destination: { isEfs: true } });
    expect(await endsRun({ ...context, setup }, failure(EDQUOT), 'd/e/f')).toBe(false);
    expect(await endsRun({ ...context, setup }, failure(ENOSPC), 'd/e/f')).toBe(true);
  });
});

describe('a read-only destination', () => {
  it('ends the run', async () => {
    expect(await endsRun(withReadOnly(), failure(EROFS, 'mkdirat'), 'd')).toBe(true);
  });

  it('is one only if its root refuses changes, too', async () => {
    expect(await endsRun(trees.context(), failure(EROFS, 'mkdirat'), 'd')).toBe(false);
  });

  it('ends the run also if an attribute shows it first', async () => {
    expect(await endsRun(withReadOnly(), failure(EROFS, 'setxattr user.a'), 'd')).toBe(true);
  });

  it('ends the run if its root cannot even be looked at', async () => {
    const root = trees.context().destination.fd;
    const context = withCalls(trees.context(), 'destination', ({ statx }) => ({
      statx: (fd, ...others) => (fd === root ? -EIO : statx(fd, ...others)),
    }));
    expect(await endsRun(context, failure(EROFS), 'd/e/f')).toBe(true);
  });
});

function mounted(context: WorkerContext): WorkerContext {
  const { destination } = context.setup;
  return { ...context, setup: { ...context.setup, destination: { ...destination, device: 1 } } };
}

describe('a file system mounted below the root', () => {
  it('does not end the run, whether full or read-only', async () => {
    expect(await endsRun(mounted(withRoom(FULL)), failure(ENOSPC), 'd/e')).toBe(false);
    expect(await endsRun(mounted(withReadOnly()), failure(EROFS), 'd/e')).toBe(false);
  });

  it('is looked for in the nearest directory that can be opened', async () => {
    const context = withUnopened(withRoom(FULL), 'destination', 'd/e', EIO);
    expect(await endsRun(context, failure(ENOSPC), 'd/e/gone/f')).toBe(true);
    expect(await endsRun(mounted(context), failure(ENOSPC), 'd/e/gone/f')).toBe(false);
  });

  it('is looked for no further up than that', async () => {
    const tried: string[] = [];
    const context = withCalls(withRoom(FULL), 'destination', ({ openat2 }) => ({
      openat2: (fd, name, how, length) => {
        tried.push(name);
        return name === 'd/e' ? -EIO : openat2(fd, name, how, length);
      },
    }));
    await endsRun(context, failure(ENOSPC), 'd/e/gone');
    expect(tried).toEqual(['d/e/gone', 'd/e', 'd']);
  });

  it('is not known of where nothing can be opened, so the root counts', async () => {
    const context = withCalls(withRoom(FULL), 'destination', () => ({ openat2: () => -EIO }));
    expect(await endsRun(mounted(context), failure(ENOSPC), 'd/e')).toBe(true);
  });
});

it.each([
  ['a call that failed for another reason', failure(EIO)],
  ['an error that is no call', Object.assign(new Error('a bug'), { code: 'ENOSPC', syscall: 'pwrite' })],
])('%s does not end the run', async (_, error) => {
  expect(await endsRun(withRoom(FULL), error, 'd/e/f')).toBe(false);
});

describe('the answer', () => {
  it('is kept by the error, as what is removed since frees space', async () => {
    const error = failure(ENOSPC);
    expect(await endsRun(withRoom(FULL), error, 'd/e/f')).toBe(true);
    expect(await endsRun(withRoom(ROOMY), error, 'd/e/f')).toBe(true);
  });

  it('is kept if it is no, too', async () => {
    const error = failure(ENOSPC);
    expect(await endsRun(withRoom(ROOMY), error, 'd/e/f')).toBe(false);
    expect(await endsRun(withRoom(FULL), error, 'd/e/f')).toBe(false);
  });
});
