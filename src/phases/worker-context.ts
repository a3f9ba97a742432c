/** All that a worker isolate needs to serve units of any phase, made from plain data once. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Activity } from '../flow/activity.ts';
import { Allowance } from '../flow/allowance.ts';
import { Counters } from '../flow/counters.ts';
import { Heartbeat } from '../flow/heartbeat.ts';
import { InFlight } from '../flow/in-flight.ts';
import { Pacer } from '../flow/pacer.ts';
import { StopFlag } from '../flow/stop-flag.ts';
import { noteCallsIn } from '../filesystem/linux/call-notes.ts';
import { limitCallsInFlight } from '../filesystem/linux/calls-in-flight.ts';
import { limitCalls } from '../filesystem/linux/limited-calls.ts';
import { linuxCalls, overlappingCalls } from '../filesystem/linux/linux.ts';
import type { Ring } from '../filesystem/linux/ring/ring.ts';
import type { Root } from '../filesystem/root.ts';
import { SpoolWriter } from '../filesystem/spool.ts';
import type { Location } from '../model/location.ts';
import type { Settings } from '../model/settings.ts';
import { COUNTER_NAMES, type CounterName } from '../model/tally.ts';
import type { Entry } from '../model/entry.ts';
import type { CompareRule } from '../policy/compare.ts';
import { compileFilter, type Filter } from '../policy/filter/filter.ts';
import { selectPaths, type PathSelection } from '../policy/filter/path-selection.ts';
import type { OwnerRights } from '../model/owner-rights.ts';
import { wantedOwnerBy } from '../policy/ownership.ts';
import type { WantedOwner } from '../model/wanted-metadata.ts';
import { FileSizes } from './file-sizes.ts';
import type { IsolateNotes } from './movement.ts';
import { PlanWriter } from './plan/plan-writer.ts';
import type { SharedLimits } from './run-limits.ts';
import { ParentTurns } from './syncing/parent-turns.ts';

/** What a worker needs to know of a root. */
export type RootSetup = Pick<
  Location,
  | 'path'
  | 'realPath'
  | 'fd'
  | 'device'
  | 'inode'
  | 'isRemote'
  | 'latencyUs'
  | 'callStyle'
  | 'mount'
  | 'side'
  | 'readsBringAttributes'
  | 'timestampGranularityNs'
> & {
  /** As far as its mount tells. */
  readonly isEfs: boolean;
};

export interface WorkerSetup {
  readonly worker: number;
  /** All isolates that serve units: the workers, and the main one as the last. */
  readonly isolateCount: number;
  /** Lanes of this worker: how many directories or files it works on at once, and most calls in flight. */
  readonly laneCount: number;
  readonly settings: Settings;
  /** False for a dry run and for `verify`: nothing at the destination may change. */
  readonly mayWrite: boolean;
  readonly source: RootSetup;
  readonly destination: RootSetup;
  readonly rights: OwnerRights;
  readonly spoolFds: readonly number[];
  readonly fingerprintFds: readonly number[];
  readonly verifiedFds: readonly number[];
  readonly counters: SharedArrayBuffer;
  readonly stop: SharedArrayBuffer;
  readonly heartbeat: SharedArrayBuffer;
  readonly notes: IsolateNotes;
  /** Undefined: neither side says that too much is under way. */
  readonly inFlight: SharedArrayBuffer | undefined;
  readonly limits: SharedLimits;
  /** Undefined: nobody wants to know. */
  readonly fileSizes: SharedArrayBuffer | undefined;
}

export interface WorkerContext {
  readonly setup: WorkerSetup;
  readonly settings: Settings;
  readonly source: Root;
  readonly destination: Root;
  readonly laneCount: number;
  readonly filter: Filter | undefined;
  readonly selection: PathSelection | undefined;
  readonly rule: CompareRule;
  readonly wantedOwner: (source: Entry) => WantedOwner;
  readonly plan: PlanWriter;
  readonly fingerprints: SpoolWriter;
  /** Undefined: nobody asks what was verified. */
  readonly verified: SpoolWriter | undefined;
  readonly counters: Counters<CounterName>;
  /** Sizes of the source's files, counted once: where it is listed at first. */
  readonly fileSizes: Readonly<Partial<Record<'preparing' | 'verifying', FileSizes>>>;
  readonly stop: StopFlag;
  /** For what no counter tells of: the watchdog looks at both. */
  readonly heartbeat: Heartbeat;
  /** Files that are written, for the watchdog to name. */
  readonly writing: Activity;
  readonly inFlight: InFlight | undefined;
  readonly parentTurns: ParentTurns;
  /** Undefined: there is no such limit, and will be none. */
  readonly bandwidth: Pacer | undefined;
  /** Makes what was planned readable for the other isolates. */
  readonly flushSpools: () => void;
  /** In the main isolate: lets its timers and signals have a turn now and then. */
  readonly breathe: (() => Promise<void> | undefined) | undefined;
}

/** @param ring who gives one waits for its calls in the end */
export function createWorkerContext(setup: WorkerSetup, ring: Ring | undefined): WorkerContext {
  const { settings, worker, isolateCount } = setup;
  noteCallsIn(setup.notes.calls);
  const wantedOwner = wantedOwnerBy(settings, setup.rights);
  const spool = new SpoolWriter(setup.spoolFds[worker] as number);
  const fingerprints = new SpoolWriter(setup.fingerprintFds[worker] as number);
  const verifiedFd = setup.verifiedFds[worker];
  const verified = verifiedFd === undefined ? undefined : new SpoolWriter(verifiedFd);
  limitCallsInFlight(setup.laneCount);
  const stop = new StopFlag(setup.stop);
  const heartbeat = new Heartbeat(setup.heartbeat);
  const mayWait = waitsWhile(stop, heartbeat);
  const { bandwidth, operations } = pacersOf(setup.limits, mayWait);
  return {
    setup,
    settings,
    source: openedRoot(setup.source, ring, operations),
    destination: openedRoot(setup.destination, ring, operations),
    laneCount: setup.laneCount,
    filter: compileFilter(settings.filters),
    selection:
      settings.filesFrom === undefined
        ? undefined
        : selectPaths(settings.filesFrom, settings.filesFromRecursive),
    wantedOwner,
    rule: {
      preserve: settings.preserve,
      wantedOwner,
      timestampGranularityNs: setup.destination.timestampGranularityNs,
    },
    plan: new PlanWriter(worker, spool),
    fingerprints,
    verified,
    breathe: worker === isolateCount - 1 ? everyThousandth(() => nextTurn()) : undefined,
    flushSpools: () => {
      spool.flush();
      fingerprints.flush();
      verified?.flush();
    },
    counters: new Counters(COUNTER_NAMES, { rows: isolateCount, row: worker, shared: setup.counters }),
    fileSizes: fileSizesOf(setup),
    stop,
    heartbeat,
    inFlight: setup.inFlight && new InFlight(mayWait, setup.inFlight),
    parentTurns: new ParentTurns(),
    bandwidth,
    writing: new Activity(setup.notes.writing),
  };
}

/** What waits for its turn does not hang, and a run that is to stop tidies up at full speed. */
function waitsWhile(stop: StopFlag, heartbeat: Heartbeat): () => boolean {
  return () => {
    heartbeat.beat();
    return !stop.isRaised;
  };
}

/** `verify` alone has no Preparing. */
function fileSizesOf({ fileSizes, ...setup }: WorkerSetup): WorkerContext['fileSizes'] {
  if (fileSizes === undefined) return {};
  const sizes = new FileSizes({ rows: setup.isolateCount, row: setup.worker, shared: fileSizes });
  return setup.mayWrite || setup.settings.dryRun ? { preparing: sizes } : { verifying: sizes };
}

function pacersOf(limits: SharedLimits, mayWait: () => boolean) {
  const pacerOf = (shared: SharedArrayBuffer | undefined): Pacer | undefined =>
    shared === undefined ? undefined : new Pacer(new Allowance(shared), mayWait);
  return { bandwidth: pacerOf(limits.bandwidth), operations: pacerOf(limits.operations) };
}

function openedRoot(root: RootSetup, ring: Ring | undefined, operations: Pacer | undefined): Root {
  const { callStyle, latencyUs, fd } = root;
  const linux = callStyle === 'blocking' ? linuxCalls('blocking') : overlappingCalls(latencyUs, ring);
  return { linux: operations === undefined ? linux : limitCalls(linux, operations), fd };
}

const CALLS_BETWEEN_TURNS = 1000;

function everyThousandth(act: () => Promise<void>): () => Promise<void> | undefined {
  let count = 0;
  return () => {
    count = (count + 1) % CALLS_BETWEEN_TURNS;
    return count === 0 ? act() : undefined;
  };
}
