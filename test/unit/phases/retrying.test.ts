/** What is tried again, how often, in which directories, and with how much under way. */
import { mkdirSync, renameSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FatalError } from '../../../src/errors.ts';
import { readOpenEntry } from '../../../src/filesystem/entry-stat.ts';
import { closeLocation, resolveLocation } from '../../../src/filesystem/location.ts';
import { SystemError } from '../../../src/filesystem/linux/system-error.ts';
import { closeDirectory, openDirectory } from '../../../src/filesystem/open-directory.ts';
import { readOwnRights } from '../../../src/filesystem/own-rights.ts';
import { closeSpool, createSpool } from '../../../src/filesystem/spool.ts';
import { Counters } from '../../../src/flow/counters.ts';
import { InFlight } from '../../../src/flow/in-flight.ts';
import { StopFlag } from '../../../src/flow/stop-flag.ts';
import { DEFAULT_SETTINGS } from '../../../src/model/default-settings.ts';
import type { Location } from '../../../src/model/location.ts';
import { COUNTER_NAMES } from '../../../src/model/tally.ts';
import { Movement } from '../../../src/phases/movement.ts';
import { retrying } from '../../../src/phases/retrying.ts';
import { retryInBoth, retryInDirectory } from '../../../src/phases/walking/fresh-lookup.ts';
import { createWorkerContext, type WorkerContext } from '../../../src/phases/worker-context.ts';
import { makeScratch, type Scratch } from '../../support/open-files.ts';

const ERRNO = { EIO: 5, EACCES: 13, ESTALE: 116, EDQUOT: 122 } as const;

function failure(code: keyof typeof ERRNO): SystemError {
  return new SystemError(-ERRNO[code], 'openat', 'a');
}

let scratch: Scratch;
let locations: Location[];
let spoolFd: number;

beforeEach(async () => {
  scratch = makeScratch();
  for (const side of ['source', 'destination']) mkdirSync(scratch.path(`${side}/d`), { recursive: true });
  locations = [
    await resolveLocation('source', scratch.path('source')),
    await resolveLocation('destination', scratch.path('destination')),
  ];
  spoolFd = await createSpool(scratch.path(''));
});
afterEach(async () => {
  for (const location of locations) await closeLocation(location);
  await closeSpool(spoolFd);
  scratch.remove();
});

/** As that of a worker whose destination is EFS. */
async function contextOf(changes: Partial<WorkerContext> = {}): Promise<WorkerContext> {
  const [source, destination] = locations as [Location, Location];
  const movement = new Movement();
  const context = createWorkerContext(
    {
      worker: 0,
      isolateCount: 2,
      laneCount: 1,
      settings: { ...DEFAULT_SETTINGS, stateDirectory: '/nonexistent', spoolDirectory: '/nonexistent' },
      mayWrite: true,
      source: { ...source, isEfs: false },
      destination: { ...destination, isEfs: true },
      rights: readOwnRights(),
      spoolFds: [spoolFd],
      fingerprintFds: [spoolFd],
      verifiedFds: [],
      counters: new Counters(COUNTER_NAMES, { rows: 2, row: 0 }).shared,
      stop: new StopFlag().shared,
      heartbeat: movement.heartbeat.shared,
      notes: movement.own,
      inFlight: new InFlight().shared,
      limits: { bandwidth: undefined, operations: undefined },
      fileSizes: undefined,
    },
    undefined,
  );
  return { ...context, ...changes };
}

/** Fails so often, then gives the number of the attempt. */
function failing(times: number, error: Error): (tries: number) => Promise<number> {
  return async (tries) => {
    if (tries <= times) throw error;
    return Promise.resolve(tries);
  };
}

describe('retrying', () => {
  it('tries again until it succeeds, and counts how often', async () => {
    const context = await contextOf();
    expect(await retrying(context, failing(3, failure('ESTALE')))).toBe(4);
    expect(context.counters.totals().retries).toBe(3);
  });

  it('throws the last failure where there have been enough', async () => {
    const context = await contextOf();
    await expect(retrying(context, failing(4, failure('ESTALE')))).rejects.toMatchObject({ code: 'ESTALE' });
    expect(context.counters.totals().retries).toBe(3);
  });

  it.each([
    ['is for good', failure('EACCES')],
    ['is a bug', new TypeError('a bug')],
  ])('tries once what %s', async (_, error) => {
    const context = await contextOf();
    await expect(retrying(context, failing(1, error))).rejects.toBe(error);
    expect(context.counters.totals().retries).toBe(0);
  });

  it('tries once where the run is to stop', async () => {
    const context = await contextOf();
    context.stop.raise();
    await expect(retrying(context, failing(1, failure('ESTALE')))).rejects.toThrow('ESTALE');
  });

  it('tells the watchdog that waiting is no hanging', async () => {
    const context = await contextOf();
    await retrying(context, failing(2, failure('EDQUOT')));
    expect(context.heartbeat.count).toBeGreaterThan(1);
  });

  it('has fewer under way where EFS refuses', async () => {
    const context = await contextOf();
    for (let count = 0; count < 8; count++) await context.inFlight?.enter();
    const done = retrying(context, failing(1, failure('EDQUOT')));
    // The ninth is refused, and waits until so many have ended that it may go on.
    while (context.inFlight?.limit !== 4) await new Promise((resolve) => setTimeout(resolve, 1));
    for (let count = 0; count < 8; count++) context.inFlight.leave();
    expect(await done).toBe(2);
  });
});

describe('another try in a directory', () => {
  it('looks it up anew, on its side and on both', async () => {
    const context = await contextOf();
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

/** As NFS gives it for a descriptor whose handle the server no longer knows. */
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
  it('is opened again where its path leads to the same directory', async () => {
    const context = stale(await contextOf());
    expect(await retrying(context, failing(1, failure('ESTALE')))).toBe(2);
    expect((await readOpenEntry({ ...context.destination, path: '' })).inode).toBe(locations[1]?.inode);
  });

  it('ends the run where another is in its place', async () => {
    const context = stale(await contextOf());
    renameSync(scratch.path('destination'), scratch.path('moved'));
    mkdirSync(scratch.path('destination'));
    const error: unknown = await retrying(context, failing(1, failure('ESTALE'))).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FatalError);
    expect((error as Error).message).toMatch(/^cannot go on: the destination .*destination has gone stale/);
  });

  it('ends the run where none is', async () => {
    const context = stale(await contextOf());
    renameSync(scratch.path('destination'), scratch.path('moved'));
    await expect(retrying(context, failing(1, failure('ESTALE')))).rejects.toThrow(FatalError);
  });
});
