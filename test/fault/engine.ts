/**
 * The engine in this very process, its calls made to fail: no worker isolate, which would have a libc of its
 * own; no waiting before a retry; and both file systems as slow and as remote as the test says.
 */
import { vi } from 'vitest';
import type { CrewPlan } from '../../src/flow/crew.ts';
import type { Library } from '../../src/filesystem/linux/library.ts';
import type { Mount } from '../../src/model/location.ts';
import { faultyLibrary } from './faulty-library.ts';
import { injectIntoNode } from './faulty-node.ts';

/** How calls are made on either side, and whether a server answers them. */
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

vi.doMock('../../src/filesystem/linux/library.ts', async (original) => {
  const { loadLibrary } = await original<{ loadLibrary: () => Library }>();
  const library = faultyLibrary(loadLibrary());
  return { loadLibrary: () => library };
});
vi.doMock('../../src/filesystem/latency.ts', async (original) => {
  type Measure = (fd: number, path: string) => Promise<number>;
  const { measureLatency } = await original<{ measureLatency: Measure }>();
  return {
    measureLatency: async (fd: number, path: string) => {
      await measureLatency(fd, path);
      return path.endsWith('/source') ? latencyOf(surroundings.source) : latencyOf(surroundings.destination);
    },
  };
});
vi.doMock('../../src/filesystem/mounts.ts', async (original) => {
  const mounts = await original<{ readMounts: () => Mount[] }>();
  const readMounts = () => {
    const found = mounts.readMounts();
    for (const mount of found) Object.assign(mount, { isRemote: surroundings.isRemote });
    return found;
  };
  return { ...mounts, readMounts };
});
vi.doMock('../../src/flow/sleep.ts', () => ({ sleep: () => Promise.resolve() }));
vi.doMock('../../src/flow/crew.ts', () => ({ Crew: CrewHere }));
injectIntoNode();

function latencyOf(style: 'blocking' | 'pooled'): number {
  return style === 'pooled' ? SLOW_US : 1;
}

/** Serves every unit in this isolate, as many at once as there are workers otherwise. */
class CrewHere<Unit, Result> {
  readonly count = 2;
  readonly unitsUnderWay = 4;
  readonly #plan: CrewPlan<Unit, Result>;

  constructor(plan: CrewPlan<Unit, Result>) {
    this.#plan = plan;
  }

  run(unit: Unit): Promise<Result> {
    return this.#plan.serveHere(unit);
  }

  async close(): Promise<void> {
    // Nobody was started.
  }
}

export const { preflight, sync, verify } = await import('../../src/sync.ts');
export const { exitStatusOf } = await import('../../src/cli/exit-status.ts');
export const { outcomeOfError } = await import('../../src/policy/outcome.ts');
