/**
 * The engine in this very process, its calls made to fail: no worker isolate, which would have a libc of its
 * own; no waiting before a retry; and both file systems as slow and as remote as the test says.
 */
import { vi } from 'vitest';
import type { ThreadsPlan } from '../../src/flow/workers/crew.ts';
import type { Library } from '../../src/linux/library.ts';
import type { Mount } from '../../src/model/run/location.ts';
import { faultyLibrary } from './faulty-library.ts';
import { injectIntoNode } from './faulty-node.ts';

/** The call style of each side, and whether it is a remote file system. */
export interface Surroundings {
  readonly source: 'blocking' | 'pooled';
  readonly destination: 'blocking' | 'pooled';
  readonly isRemote: boolean;
}

let surroundings: Surroundings = { source: 'blocking', destination: 'blocking', isRemote: false };

export function setSurroundings(now: Surroundings): void {
  surroundings = now;
}

const SLOW_US = 1000;

vi.doMock('../../src/linux/library.ts', async (original) => {
  const { loadLibrary } = await original<{ loadLibrary: () => Library }>();
  const library = faultyLibrary(loadLibrary());
  return { loadLibrary: () => library };
});
vi.doMock('../../src/filesystem/roots/latency.ts', async (original) => {
  type Measure = (fd: number, path: string) => Promise<number>;
  const { measureLatency } = await original<{ measureLatency: Measure }>();
  return {
    measureLatency: async (fd: number, path: string) => {
      await measureLatency(fd, path);
      return path.endsWith('/source') ? latencyOf(surroundings.source) : latencyOf(surroundings.destination);
    },
  };
});
vi.doMock('../../src/filesystem/mounts/mounts.ts', async (original) => {
  const mounts = await original<{ readMounts: () => Mount[] }>();
  const readMounts = () => {
    const found = mounts.readMounts();
    for (const mount of found) Object.assign(mount, { isRemote: surroundings.isRemote });
    return found;
  };
  return { ...mounts, readMounts };
});
// The disk gets every record, as it does of large trees.
vi.doMock('../../src/model/concurrency.ts', async (original) => ({
  ...(await original<object>()),
  SPOOL_BUFFER_BYTES: 0,
}));
vi.doMock('../../src/flow/sleep.ts', () => ({ sleep: () => Promise.resolve() }));
vi.doMock('../../src/flow/workers/crew.ts', () => ({ ThreadCrew: CrewHere }));
injectIntoNode();

function latencyOf(style: 'blocking' | 'pooled'): number {
  return style === 'pooled' ? SLOW_US : 1;
}

/** Serves every unit in this isolate, as many at once as there would be workers. */
class CrewHere<Unit, Result> {
  readonly count = 2;
  readonly unitsUnderWay = 4;
  readonly #plan: ThreadsPlan<Unit, Result>;

  constructor(plan: ThreadsPlan<Unit, Result>) {
    this.#plan = plan;
  }

  run(unit: Unit): Promise<Result> {
    return this.#plan.serveHere(unit, undefined);
  }

  async close(): Promise<void> {
    // There are no workers to stop.
  }
}

export const { preflight, sync, verify } = await import('../../src/sync.ts');
export const { exitStatusOf } = await import('../../src/report/exit-status.ts');
export const { outcomeOfError } = await import('../../src/policy/decide-outcome.ts');
