/** A file is copied in one version of its source, and gets its name only when it is complete. */
import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import { EIO } from '../../../../../src/linux/system-error.ts';
import type { Entry } from '../../../../../src/model/entry.ts';
import { writeFile } from '../../../../../src/phases/syncing/files/write-file.ts';
import {
  newApplyingScope,
  type ApplyingScope,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, withPlace } from '../../../../support/applying.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../../support/march-context.ts';
import { run } from '../../../../support/open-files.ts';

const SIZE_BYTES = 300_000;
const OLD = new Date('2020-01-01T00:00:00Z');

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('source', 'd/');
  trees.make('destination', 'd/');
  writeFileSync(source(), 'x'.repeat(SIZE_BYTES));
  chmodSync(source(), 0o640);
  utimesSync(source(), OLD, OLD);
});
afterEach(async () => trees.remove());

function source(): string {
  return trees.scratch.path('source/d/f');
}

function namesLeft(): string[] {
  return readdirSync(trees.scratch.path('destination/d'));
}

interface Written {
  readonly isInPlace: boolean;
  readonly unit: ApplyingScope;
}

async function write(context: WorkerContext = trees.context(), planned?: Entry): Promise<Written> {
  const unit = newApplyingScope(context);
  const entry = planned ?? (await entryAt(trees.context(), 'source', 'd/f'));
  const isInPlace = await withPlace(context, 'd/f', { source: entry }, (place) => writeFile(unit, place));
  return { isInPlace, unit };
}

/** Each look at the open source comes just after `change`. */
function changing(change: () => void): WorkerContext {
  return withCalls(trees.context(), 'source', ({ local }) => ({
    local: {
      ...local,
      statx: (fd, name, ...rest) => {
        if (name === '') change();
        return local.statx(fd, name, ...rest);
      },
    },
  }));
}

function problemsOf({ unit }: Written): object[] {
  return unit.findings.problems.map(({ class: kind, path, side, reason }) => ({ kind, path, side, reason }));
}

function expectCopy(): void {
  const destination = trees.scratch.path('destination/d/f');
  run('cmp', source(), destination);
  expect(statSync(destination).mtimeMs).toBe(statSync(source()).mtimeMs);
  expect(statSync(destination).mode).toBe(statSync(source()).mode);
  expect(namesLeft()).toEqual(['f']);
}

describe('a file that stays', () => {
  it('is in place with content, mode and time, and its bytes are counted', async () => {
    const written = await write();
    expect(written.isInPlace).toBe(true);
    expectCopy();
    expect(written.unit.context.counters.totals()).toMatchObject({
      bytesTransferred: SIZE_BYTES,
      bytesWritten: SIZE_BYTES,
    });
    expect(trees.openDescriptors()).toBe(0);
  });

  it('is flushed only with --fsync', async () => {
    const flushes: boolean[] = [];
    for (const fsync of [false, true]) {
      let count = 0;
      const context = trees.context({ settings: { fsync } });
      await write(
        withCalls(context, 'destination', ({ fsync: flush }) => ({ fsync: (fd) => (count++, flush(fd)) })),
      );
      flushes.push(count > 0);
    }
    expect(flushes).toEqual([false, true]);
  });
});

describe('a source that changes', () => {
  it('after planning is copied as it is now', async () => {
    const planned = await entryAt(trees.context(), 'source', 'd/f');
    writeFileSync(source(), 'y'.repeat(1000));
    const written = await write(trees.context(), planned);
    expect([written.isInPlace, problemsOf(written)]).toEqual([true, []]);
    expectCopy();
    expect(written.unit.context.counters.totals().bytesTransferred).toBe(1000);
  });

  it('once during the copy is copied again', async () => {
    let changes = 0;
    const change = () => {
      if (changes++ === 0) writeFileSync(source(), 'z'.repeat(SIZE_BYTES));
    };
    const written = await write(changing(change));
    expect([written.isInPlace, problemsOf(written)]).toEqual([true, []]);
    expectCopy();
    expect(written.unit.context.counters.totals().bytesTransferred).toBe(SIZE_BYTES);
  });

  it('during every copy is a problem, and nothing stays', async () => {
    let changes = 0;
    const written = await write(changing(() => writeFileSync(source(), 'z'.repeat(SIZE_BYTES - ++changes))));
    expect(written.isInPlace).toBe(false);
    expect(problemsOf(written)).toEqual([
      { kind: 'changed', path: 'd/f', side: 'source', reason: 'it kept changing during the copy' },
    ]);
    expect(namesLeft()).toEqual([]);
    expect(written.unit.context.counters.totals().bytesTransferred).toBe(0);
    expect(trees.openDescriptors()).toBe(0);
  });

  it('only by growing is in place as far as it was copied', async () => {
    const written = await write(changing(() => appendFileSync(source(), 'more')));
    expect(written.isInPlace).toBe(true);
    const [problem] = written.unit.findings.problems;
    expect(problem?.reason).toMatch(/^it kept growing during the copy; its first \d+ bytes are at the /);
    const copied = readFileSync(trees.scratch.path('destination/d/f'), 'utf8');
    expect(copied.length).toBeGreaterThanOrEqual(SIZE_BYTES);
    expect(readFileSync(source(), 'utf8').startsWith(copied)).toBe(true);
  });
});

describe('a failure', () => {
  it.each(['renameat', 'futimens'] as const)('of %s leaves nothing', async (call) => {
    const context = withCalls(trees.context(), 'destination', () => ({ [call]: () => -EIO }));
    await expect(write(context)).rejects.toMatchObject({ code: 'EIO' });
    expect(namesLeft()).toEqual([]);
    expect(context.counters.totals().bytesTransferred).toBe(0);
    expect(trees.openDescriptors()).toBe(0);
  });

  it('keeps the earlier version', async () => {
    writeFileSync(trees.scratch.path('destination/d/f'), 'before');
    const context = withCalls(trees.context(), 'source', () => ({
      copy_file_range: () => -EIO,
      pread: () => -EIO,
    }));
    await expect(write(context)).rejects.toMatchObject({ code: 'EIO' });
    expect(readFileSync(trees.scratch.path('destination/d/f'), 'utf8')).toBe('before');
    expect(namesLeft()).toEqual(['f']);
  });
});
