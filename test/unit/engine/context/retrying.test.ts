/** Which attempts are retried, how often, in which directories, and with how many in flight. */
import { mkdirSync, renameSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FatalError } from '../../../../src/model/run/errors.ts';
import { readOpenEntry } from '../../../../src/filesystem/entry-stat.ts';
import { SystemError } from '../../../../src/linux/system-error.ts';
import { closeDirectory, openDirectory } from '../../../../src/filesystem/open-directory.ts';
import { retrying } from '../../../../src/engine/context/retrying.ts';
import { retryInBoth, retryInDirectory } from '../../../../src/engine/march/fresh-lookup.ts';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import { makeTwoTrees, type TwoTrees } from '../../../support/march-context.ts';

const ERRNO = { EIO: 5, EACCES: 13, ESTALE: 116, EDQUOT: 122 } as const;

function failure(code: keyof typeof ERRNO): SystemError {
  return new SystemError(-ERRNO[code], 'openat', 'a');
}

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  for (const side of ['source', 'destination'] as const) trees.make(side, 'd/');
});
afterEach(async () => trees.remove());

/** A worker's context with an EFS destination. */
function contextOf(): WorkerContext {
  return trees.context({ destination: { isEfs: true } });
}

/** Fails this many times, then returns the number of the attempt. */
function failing(times: number, error: Error): (tries: number) => Promise<number> {
  return async (tries) => {
    if (tries <= times) throw error;
    return Promise.resolve(tries);
  };
}

describe('retrying', () => {
  it('retries until it succeeds, and counts the retries', async () => {
    const context = contextOf();
    expect(await retrying(context, failing(3, failure('ESTALE')))).toBe(4);
    expect(context.counters.totals().retries).toBe(3);
  });

  it('throws the last failure after enough retries', async () => {
    const context = contextOf();
    await expect(retrying(context, failing(4, failure('ESTALE')))).rejects.toMatchObject({ code: 'ESTALE' });
    expect(context.counters.totals().retries).toBe(3);
  });

  it.each([
    ['is for good', failure('EACCES')],
    ['is a bug', new TypeError('a bug')],
  ])('tries once what %s', async (_, error) => {
    const context = contextOf();
    await expect(retrying(context, failing(1, error))).rejects.toBe(error);
    expect(context.counters.totals().retries).toBe(0);
  });

  it('tries once if the run must stop', async () => {
    const context = contextOf();
    context.stop.raise();
    await expect(retrying(context, failing(1, failure('ESTALE')))).rejects.toThrow('ESTALE');
  });

  it('tells the watchdog that it is waiting, not hanging', async () => {
    const context = contextOf();
    await retrying(context, failing(2, failure('EDQUOT')));
    expect(context.heartbeat.count).toBeGreaterThan(1);
  });

  it('reduces the calls in flight if EFS refuses one', async () => {
    const context = contextOf();
    for (let count = 0; count < 8; count++) await context.inFlight?.enter();
    const done = retrying(context, failing(1, failure('EDQUOT')));
    // The ninth call is refused, and waits until enough others have ended.
    while (context.inFlight?.limit !== 4) await new Promise((resolve) => setTimeout(resolve, 1));
    for (let count = 0; count < 8; count++) context.inFlight.leave();
    expect(await done).toBe(2);
  });
});

describe('a retry in a directory', () => {
  it('looks it up again, on one side and on both', async () => {
    const context = contextOf();
    const [source, destination] = [
      await openDirectory(context.source, 'd'),
      await openDirectory(context.destination, 'd'),
    ];
    const seen: number[] = [];
    const failAtFirst = (...fds: number[]): string => {
      seen.push(...fds);
      if (seen.length === fds.length) throw failure('ESTALE');
      return 'done';
    };
    expect(await retryInDirectory(context, 'source', source, async ({ fd }) => failAtFirst(fd))).toBe('done');
    expect([seen[0], seen[1] === source.fd]).toEqual([source.fd, false]);
    seen.length = 0;
    const both = { source, destination };
    expect(await retryInBoth(context, both, async (one, two) => failAtFirst(one.fd, two.fd))).toBe('done');
    expect(seen.slice(0, 2)).toEqual([source.fd, destination.fd]);
    expect(new Set(seen).size).toBe(4);
    for (const directory of [source, destination]) await closeDirectory(directory);
  });
});

/** Imitates an NFS descriptor whose handle the server has forgotten. */
function stale(context: WorkerContext): WorkerContext {
  const { linux, fd } = context.destination;
  const renewed = { is: false };
  const statx: typeof linux.statx = (at, name, ...rest) =>
    at === fd && !renewed.is ? -ERRNO.ESTALE : linux.statx(at, name, ...rest);
  const dup3: typeof linux.dup3 = (from, to, flags) => {
    renewed.is = true;
    return linux.dup3(from, to, flags);
  };
  return {
    ...context,
    destination: { fd, linux: { ...linux, statx, dup3, local: { ...linux.local, statx } } },
  };
}

describe('a root that has gone stale', () => {
  it('is opened again if its path leads to the same directory', async () => {
    const context = stale(contextOf());
    expect(await retrying(context, failing(1, failure('ESTALE')))).toBe(2);
    expect((await readOpenEntry({ ...context.destination, path: '' })).inode).toBe(
      context.setup.destination.inode,
    );
  });

  it('ends the run if another directory is in its place', async () => {
    const context = stale(contextOf());
    renameSync(trees.scratch.path('destination'), trees.scratch.path('moved'));
    mkdirSync(trees.scratch.path('destination'));
    const error: unknown = await retrying(context, failing(1, failure('ESTALE'))).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FatalError);
    expect((error as Error).message).toMatch(
      /^cannot continue: the destination .*destination has gone stale/,
    );
  });

  it('ends the run if its path is missing', async () => {
    const context = stale(contextOf());
    renameSync(trees.scratch.path('destination'), trees.scratch.path('moved'));
    await expect(retrying(context, failing(1, failure('ESTALE')))).rejects.toThrow(FatalError);
  });
});
