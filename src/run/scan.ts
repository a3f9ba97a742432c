/**
 * `preflight --scan`: walks the source with all workers, and reports everything that the destination cannot
 * hold.
 */
import { callsTo } from '../filesystem/root.ts';
import { readFileSystemState } from '../filesystem/file-system-state.ts';
import type { DestinationLimits } from '../model/file-system.ts';
import type { Obstacle, ScanTotals } from '../model/preflight-results.ts';
import type { Task } from '../model/task.ts';
import { limitsOf } from '../policy/file-systems/destination-limits.ts';
import { guardUnchangedRoots } from '../engine/roots/guard-roots.ts';
import { type Run, runUnit, watchProgress } from '../engine/context/run.ts';
import { type RunContext, withRun } from './start-run.ts';
import { throwIfStopped } from '../flow/stop-flag.ts';
import { walkTrees } from '../engine/messages/walk.ts';

/** @throws LocationError, FatalError if a root was lost, Interrupted, TimedOut */
export async function scanSource(
  task: Task,
  context: RunContext,
  tell: (obstacle: Obstacle) => void,
): Promise<ScanTotals> {
  return withRun({ task, ...context, mayWrite: false, ifMissing: 'refuse' }, async (run) => {
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
  /** Only groups of hard links with more names than the limit, so they are few. */
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
  await guardUnchangedRoots(run);
}
