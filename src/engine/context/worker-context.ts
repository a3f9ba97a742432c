/** Everything that an isolate needs to serve units of any phase: made once from plain data, but for what each unit gives. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Activity, Heartbeat } from '../../flow/activity.ts';
import { type Counters, Counts } from '../../flow/counters.ts';
import { BytePool } from '../../flow/byte-pool.ts';
import type { InFlight } from '../../flow/in-flight.ts';
import type { Pacer } from '../../flow/pacer.ts';
import type { StopFlag } from '../../flow/stop-flag.ts';
import { limitCallsInFlight } from '../../linux/call-limits.ts';
import type { Ring } from '../../linux/ring.ts';
import type { OpenDirectory, Root } from '../../filesystem/root.ts';
import type { KeptTimes, Location } from '../../model/run/location.ts';
import type { BackupPlace } from '../../model/run/backup-place.ts';
import type { RunFiles, SparedPath } from '../../model/run/run-file.ts';
import type { Settings } from '../../model/settings.ts';
import type { CounterName } from '../../model/tally.ts';
import type { CompareRule } from '../../policy/compare/compare.ts';
import { bothFilters, type BothFilters } from '../rules/side-filters.ts';
import { type PathSelection, selectionBy } from '../../policy/filter/path-selection.ts';
import type { OwnerRights } from '../../model/owner-rights.ts';
import { compareRuleOf } from './compare-rule.ts';
import { withFollowedLinks } from './followed-links.ts';
import { FileSizes } from './statistics.ts';
import { backupRoot, openedRoot } from './opened-roots.ts';
import { attachCells, type WorkerCells } from './run-cells.ts';
import { PlanWriter } from '../plan/plan-writer.ts';
import { RecordBytes } from '../plan/record-bytes.ts';
import { ParentTurns } from '../../flow/gate.ts';

/** The facts about a root that a worker needs. */
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
  | 'creation'
  | 'renaming'
> & {
  /** As far as the mount shows it. */
  readonly isEfs: boolean;
} & KeptTimes;

/** What is known of the run before it begins, by all isolates alike. */
export interface RunSetup {
  /** False for a dry run and for `verify`: nothing at the destination may change. */
  readonly mayWrite: boolean;
  readonly source: RootSetup;
  readonly destination: RootSetup;
  readonly rights: OwnerRights;
  /** Files that the sync leaves out. */
  readonly runFiles: RunFiles;
  /** `--temp-dir`: the directory that Syncing makes in it. */
  readonly temporaryDirectory?: Pick<OpenDirectory, 'fd' | 'path'> | undefined;
  /** `--backup-dir`; undefined without it. */
  readonly backup?: BackupPlace | undefined;
}

export interface IsolateSetup {
  /** From 0: the workers, and the main isolate as the last. */
  readonly index: number;
  /** All isolates that serve units. */
  readonly count: number;
  /** How many directories or files it works on at once, and most calls in flight. */
  readonly laneCount: number;
}

/** Plain data, which a worker is started with. */
export interface WorkerSetup {
  readonly isolate: IsolateSetup;
  readonly settings: Settings;
  readonly run: RunSetup;
  readonly cells: WorkerCells;
}

/** What lasts as long as the isolate. */
export interface IsolateContext {
  readonly setup: RunSetup;
  readonly settings: Settings;
  readonly source: Root;
  readonly destination: Root;
  /** `--backup`: the directory that backups are made below. Its calls take every name as it is. */
  readonly backup: Root | undefined;
  readonly laneCount: number;
  readonly filters: BothFilters;
  readonly selection: PathSelection | undefined;
  readonly rule: CompareRule;
  /** `--prune-empty-dirs`: whether directories of the source hold more than directories, by phase. */
  readonly holdsAnything: Readonly<Record<'cached' | 'server', Map<string, boolean>>>;
  /** The row of this isolate in what progress shows. */
  readonly shown: Counters<CounterName>;
  /** Memory for what units bring. */
  readonly pool: BytePool;
  /** Contexts of units that have ended, for others. */
  readonly idle: WorkerContext[];
  readonly stop: StopFlag;
  /** For progress that no counter shows: the watchdog reads both. */
  readonly heartbeat: Heartbeat;
  readonly inFlight: InFlight | undefined;
  readonly syncing: SyncingContext;
  /** In the main isolate: lets its timers and signals run now and then. */
  readonly breathe: (() => Promise<void> | undefined) | undefined;
}

/** What one unit gathers besides its own result. Taking it leaves all of it empty, for the next. */
export interface UnitGains {
  readonly plan: PlanWriter;
  /** Records of `Fingerprints`. */
  readonly fingerprints: RecordBytes;
  /** Records of what was verified; undefined: nobody asks. */
  readonly verified: RecordBytes | undefined;
  readonly counters: Counts<CounterName>;
  /** Paths that were met and left out of the run. */
  readonly spared: SparedPath[];
  /** Sizes of the source's files, counted where each is listed first. */
  readonly fileSizes: Readonly<Partial<Record<'preparing' | 'verifying', FileSizes>>>;
}

/** A function that needs little of it asks for a view: `Pick<WorkerContext, 'stop'>`, or one of those below. */
export interface WorkerContext extends IsolateContext, UnitGains {}

/** For a unit that is served while others are. */
export function contextOfUnit(isolate: IsolateContext): WorkerContext {
  return { ...isolate, ...noGains(isolate) };
}

function noGains({
  settings,
  setup,
  shown,
  pool,
}: Pick<IsolateContext, 'settings' | 'setup' | 'shown' | 'pool'>): UnitGains {
  return {
    plan: new PlanWriter(pool),
    fingerprints: new RecordBytes(pool),
    verified: settings.listVerified ? new RecordBytes(pool) : undefined,
    counters: new Counts(shown),
    spared: [],
    fileSizes: fileSizesOf(settings, setup),
  };
}

/** What the unit brings is large enough for one message. */
export function isFull({
  plan,
  fingerprints,
  verified,
}: Pick<UnitGains, 'plan' | 'fingerprints' | 'verified'>): boolean {
  return plan.isFull || fingerprints.isFull || verified?.isFull === true;
}

/** Without Preparing, as in `verify`, Verifying counts them. */
function fileSizesOf(
  { collectStatistics, dryRun }: Settings,
  { mayWrite }: RunSetup,
): WorkerContext['fileSizes'] {
  if (!collectStatistics) return {};
  const sizes = new FileSizes();
  return mayWrite || dryRun ? { preparing: sizes } : { verifying: sizes };
}

/** What Syncing alone uses. */
export interface SyncingContext {
  /** Files that are being written, for the watchdog to name. */
  readonly writing: Activity;
  readonly parentTurns: ParentTurns;
  /** Undefined: there is no such limit, and there never will be. */
  readonly bandwidth: Pacer | undefined;
}

/** What an attempt takes, and another one after it has failed. */
export type AttemptContext = Pick<
  WorkerContext,
  'setup' | 'settings' | 'source' | 'destination' | 'counters' | 'stop' | 'heartbeat' | 'inFlight'
>;

/** What bytes that are copied are counted and paced by. */
export type TransferContext = Pick<WorkerContext, 'counters' | 'stop' | 'syncing'>;

/** @param ring the caller waits for its calls in the end */
export function createIsolateContext(
  { isolate, settings, run, cells }: WorkerSetup,
  ring: Ring | undefined,
): IsolateContext {
  const { shown, stop, heartbeat, inFlight, ...shared } = attachCells(cells, isolate.index);
  const { writing, bandwidth, operations } = shared;
  const isMain = isolate.index === isolate.count - 1;
  const pool = new BytePool();
  const gains = noGains({ settings, setup: run, shown, pool });
  const { plan, fingerprints, verified, counters, spared, fileSizes } = gains;
  // A program may have several runs in its main isolate.
  if (!isMain) limitCallsInFlight(isolate.laneCount);
  const calls = { ring, operations, mostInFlight: isMain ? isolate.laneCount : undefined };
  const source = withFollowedLinks(openedRoot(run.source, calls), settings);
  const destination = openedRoot(run.destination, calls);
  const filters = bothFilters(settings, { source, destination }, run);
  const first: WorkerContext = {
    setup: run,
    settings,
    source,
    destination,
    backup: settings.backup && backupRoot(run, calls),
    laneCount: isolate.laneCount,
    filters,
    selection: selectionBy(settings, filters.source.everywhere),
    rule: compareRuleOf(settings, run),
    holdsAnything: { cached: new Map(), server: new Map() },
    shown,
    pool,
    idle: [],
    stop,
    heartbeat,
    inFlight,
    syncing: { writing, parentTurns: new ParentTurns(), bandwidth },
    breathe: isMain ? everyThousandth(() => nextTurn()) : undefined,
    plan,
    fingerprints,
    verified,
    counters,
    spared,
    fileSizes,
  };
  // PERF: V8 makes the best code for one object of one literal: units one after the other share it.
  first.idle.push(first);
  return first;
}

const CALLS_BETWEEN_TURNS = 1000;

function everyThousandth(act: () => Promise<void>): () => Promise<void> | undefined {
  let count = 0;
  return () => {
    count = (count + 1) % CALLS_BETWEEN_TURNS;
    return count === 0 ? act() : undefined;
  };
}
