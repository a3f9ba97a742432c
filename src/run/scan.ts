/**
 * `preflight --scan`: walks the source with all workers, and reports everything that the destination cannot
 * hold, what may mean something else there, and how much a run has to do.
 */
import { linuxCalls } from '../linux/linux.ts';
import { callsTo } from '../filesystem/root.ts';
import { readFileSystemState, readFileSystemStateAt } from '../filesystem/file-system-state.ts';
import type { DestinationLimits } from '../model/file-system.ts';
import { lockedForWriting, openForWriting } from '../filesystem/open-elsewhere.ts';
import {
  REMARK_KINDS,
  type AssumedDestination,
  type Extent,
  type Obstacle,
  type RunEstimate,
  type ScanTotals,
  type SpoolRoom,
} from '../model/preflight-results.ts';
import type { Settings } from '../model/settings.ts';
import type { Task } from '../model/task.ts';
import { ELASTIC_FILE_SYSTEM } from '../model/file-systems.ts';
import { limitsOf } from '../policy/file-systems/destination-limits.ts';
import { isElasticFileSystem } from '../policy/file-systems/mount-facts.ts';
import { ASSUMED, estimateFirstCopy, spoolBytesFor, statedSpace } from '../policy/estimate-run.ts';
import { addRemark, addRemarks, NO_REMARKS, type RemarksByKind } from '../policy/remarks.ts';
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
  assumed?: AssumedDestination,
): Promise<ScanTotals> {
  const ifMissing = assumed === undefined ? 'refuse' : 'none';
  return withRun({ task, ...context, mayWrite: false, ifMissing }, async (run) => {
    const { destination } = run;
    const isEfs = assumed === 'efs' || isElasticFileSystem(destination.mount);
    const state = await readFileSystemState({ linux: callsTo(destination), fd: destination.fd });
    const limits =
      assumed === undefined
        ? limitsOf(destination.mount, state?.longestNameBytes)
        : ELASTIC_FILE_SYSTEM.limits;
    const scan = newScan(limits, tell);
    const startMs = performance.now();
    await watchProgress(run, async () => walkSource(run, scan));
    const scanMs = performance.now() - startMs;
    const hiddenProcesses = remarkOpenFiles(run, scan);
    const { extent } = scan;
    const { failed, vanished } = run.results.problemCounts;
    const { xattr, acl } = task.settings.preserve;
    return {
      assumed,
      entries: run.counters.totals().sourceEntries,
      obstacles: scan.obstacles,
      areLimitsKnown: limits.isComplete,
      problems: failed + vanished,
      areAttributesUnchecked: limits.holdsAttributes && (xattr || acl),
      extent,
      remarks: completeRemarks(scan.remarks),
      hiddenProcesses,
      space: isEfs ? undefined : statedSpace(state),
      spool: await readSpoolRoom(task.settings, extent),
      estimate: estimateRun(run, { extent, scanMs, assumed }),
    };
  });
}

interface Scan {
  readonly limits: DestinationLimits;
  readonly locked: readonly string[];
  readonly tell: (obstacle: Obstacle) => void;
  readonly obstacles: Record<Obstacle['effect'], number>;
  readonly remarks: RemarksByKind;
  extent: Extent;
}

function newScan(limits: DestinationLimits, tell: (obstacle: Obstacle) => void): Scan {
  return {
    limits,
    locked: lockedForWriting(),
    tell,
    obstacles: { fails: 0, incomplete: 0, split: 0 },
    remarks: {},
    extent: { entries: 0, inodes: 0, sizeBytes: 0, nameBytes: 0 },
  };
}

async function walkSource(run: Run, scan: Scan): Promise<void> {
  const { limits, locked } = scan;
  /** Only groups of hard links with more names than the limit, so they are few. */
  const told = new Set<string>();
  await walkTrees({
    unitsUnderWay: run.crew.unitsUnderWay,
    run: (unit) => runUnit(run, { unit: 'scan', limits, locked, ...unit }),
    take: (result) => {
      for (const { group, ...obstacle } of result.obstacles) {
        if (group !== undefined && told.has(group)) continue;
        if (group !== undefined) told.add(group);
        scan.obstacles[obstacle.effect]++;
        scan.tell(obstacle);
      }
      scan.extent = sumOf(scan.extent, result.extent);
      for (const kind of REMARK_KINDS) addRemarks(scan.remarks, kind, result.remarks[kind] ?? NO_REMARKS);
      return [];
    },
  });
  throwIfStopped(run);
  await guardUnchangedRoots(run);
}

async function readSpoolRoom({ spoolDirectory }: Settings, extent: Extent): Promise<SpoolRoom> {
  const state = await readFileSystemStateAt(linuxCalls('blocking'), spoolDirectory);
  return {
    directory: spoolDirectory,
    neededBytes: spoolBytesFor(extent),
    availableBytes: state?.availableBytes ?? 0,
  };
}

interface Measured {
  readonly extent: Extent;
  readonly scanMs: number;
  readonly assumed: AssumedDestination | undefined;
}

function estimateRun({ task, destination }: Run, { extent, scanMs, assumed }: Measured): RunEstimate {
  const { verify } = task.settings;
  const { latencyUs, callsOverlap } =
    assumed === undefined
      ? { latencyUs: destination.latencyUs, callsOverlap: destination.callStyle === 'overlapping' }
      : { latencyUs: ASSUMED.efsLatencyUs, callsOverlap: true };
  const pace = { scanMs, latencyUs, callsOverlap, verify };
  return { elapsedMs: estimateFirstCopy(extent, pace), basis: 'assumed', runs: 0, scanMs };
}

function sumOf(one: Extent, other: Extent): Extent {
  return {
    entries: one.entries + other.entries,
    inodes: one.inodes + other.inodes,
    sizeBytes: one.sizeBytes + other.sizeBytes,
    nameBytes: one.nameBytes + other.nameBytes,
  };
}

/** Gives the number of processes whose files this user may not see. */
function remarkOpenFiles({ source, task }: Run, { remarks }: Scan): number {
  const { files, hiddenProcesses } = openForWriting(source.realPath);
  const takePart = files.filter(({ path }) => {
    const { onlyName, onlyBelow } = task.settings;
    const within = onlyName ?? onlyBelow;
    return within === undefined || path === within || path.startsWith(`${within}/`);
  });
  for (const file of takePart) addRemark(remarks, 'open files', file);
  return hiddenProcesses;
}

function completeRemarks(remarks: RemarksByKind): ScanTotals['remarks'] {
  const all = REMARK_KINDS.map((kind) => [kind, remarks[kind] ?? NO_REMARKS]);
  return Object.fromEntries(all) as ScanTotals['remarks'];
}
