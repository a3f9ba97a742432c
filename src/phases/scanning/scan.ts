/** `preflight --scan`: walks the source over the workers, and hands on what the destination cannot hold. */
import { callsTo } from '../../filesystem/calls-to.ts';
import { readFileSystemState } from '../../filesystem/file-system-state.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import type { Task } from '../../model/task.ts';
import { limitsOf, type DestinationLimits } from '../../policy/destination-limits.ts';
import { runUnit, type Run } from '../run.ts';
import { withRun, type RunContext } from '../start-run.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import { walkTrees } from '../walking/walk.ts';
import { watchProgress } from '../watch-progress.ts';

export interface ScanTotals {
  readonly entries: number;
  readonly obstacles: Readonly<Record<Obstacle['effect'], number>>;
  /** False: what names, hard links and attributes the destination takes is not known. */
  readonly areLimitsKnown: boolean;
  /** Paths that could not be looked at; they went to the reporter. */
  readonly problems: number;
  /** They are to be preserved, and whether the destination has room for each is not known. */
  readonly areAttributesUnchecked: boolean;
}

/** @throws LocationError, Interrupted, TimedOut */
export async function scanSource(
  task: Task,
  context: RunContext,
  tell: (obstacle: Obstacle) => void,
): Promise<ScanTotals> {
  return withRun({ task, ...context, mayWrite: false }, async (run) => {
    const { destination } = run;
    const state = await readFileSystemState({ linux: callsTo(destination), fd: destination.fd });
    const limits = limitsOf(destination.mount, state?.longestNameBytes);
    const obstacles = { fails: 0, incomplete: 0, split: 0 };
    const count = (obstacle: Obstacle): void => {
      obstacles[obstacle.effect]++;
      tell(obstacle);
    };
    await watchProgress(run, async () => walkSource(run, limits, count));
    const { failed, vanished } = run.results.problemCounts;
    const { xattr, acl } = task.settings.preserve;
    return {
      entries: run.counters.totals().sourceEntries,
      obstacles,
      areLimitsKnown: limits.isComplete,
      problems: failed + vanished,
      areAttributesUnchecked: limits.holdsAttributes && (xattr || acl),
    };
  });
}

async function walkSource(
  run: Run,
  limits: DestinationLimits,
  tell: (obstacle: Obstacle) => void,
): Promise<void> {
  /** Groups of hard links, each with more names than the limit: few. */
  const told = new Set<string>();
  await walkTrees({
    unitsUnderWay: run.crew.unitsUnderWay,
    run: (unit) => runUnit(run, { unit: 'scan', limits, ...unit }),
    take: (result) => {
      for (const { group, ...obstacle } of result.obstacles) {
        if (group !== undefined && told.has(group)) continue;
        if (group !== undefined) told.add(group);
        tell(obstacle);
      }
      return [];
    },
  });
  throwIfStopped(run);
}
