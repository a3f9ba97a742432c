/** The memory that the isolates of a run share: made here once, sent as it is, and attached to here by each. */
import { Activity, Heartbeat } from '../../flow/activity.ts';
import { Allowance, Pacer } from '../../flow/pacer.ts';
import { Counters } from '../../flow/counters.ts';
import { InFlight } from '../../flow/in-flight.ts';
import { RunLimits, type LimitCells } from '../../flow/run-limits.ts';
import { shareCells, type Cells } from '../../flow/shared-cells.ts';
import { StopFlag } from '../../flow/stop-flag.ts';
import { noteCallsIn } from '../../linux/call-notes.ts';
import type { Settings } from '../../model/settings.ts';
import { COUNTER_NAMES, type CounterName } from '../../model/tally.ts';
import type { IsolateNotes } from './run-activity.ts';

/** There before the roots are opened, which may hang. */
export interface SignalCells {
  readonly stop: Cells;
  readonly heartbeat: Cells;
}

export interface RunCells extends SignalCells, LimitCells {
  /** What progress shows: the results of units count. */
  readonly counters: Cells;
  /** Undefined: neither side says that too much is under way. */
  readonly inFlight: Cells | undefined;
}

/** With the notes of the one isolate that they are sent to. */
export type WorkerCells = RunCells & IsolateNotes;

export interface CellsPlan {
  readonly settings: Settings;
  readonly isolateCount: number;
  readonly limitsMayChange: boolean;
  readonly countsInFlight: boolean;
}

export function createRunCells(signals: SignalCells, plan: CellsPlan): RunCells {
  const { settings, isolateCount } = plan;
  const cells = shareCells({
    counters: Counters.sizeBytes(COUNTER_NAMES, isolateCount),
    inFlight: plan.countsInFlight ? InFlight.sizeBytes : undefined,
    ...RunLimits.sizesBytes(settings, plan.limitsMayChange),
  });
  return { ...signals, ...cells };
}

/** What an isolate sees in them. */
export interface AttachedCells {
  readonly shown: Counters<CounterName>;
  readonly stop: StopFlag;
  readonly heartbeat: Heartbeat;
  readonly writing: Activity;
  readonly inFlight: InFlight | undefined;
  readonly bandwidth: Pacer | undefined;
  readonly operations: Pacer | undefined;
}

/** From now on the calls of this isolate are noted in its cells. @param isolate its number */
export function attachCells(cells: WorkerCells, isolate: number): AttachedCells {
  noteCallsIn(cells.calls);
  const stop = new StopFlag(cells.stop);
  const heartbeat = new Heartbeat(cells.heartbeat);
  const mayWait = waitsWhile(stop, heartbeat);
  const pacerOf = (limit: Cells | undefined) => limit && new Pacer(new Allowance(limit), mayWait);
  return {
    shown: countersIn(cells, isolate),
    stop,
    heartbeat,
    writing: new Activity(cells.writing),
    inFlight: cells.inFlight && new InFlight(cells.inFlight, mayWait),
    bandwidth: pacerOf(cells.bandwidth),
    operations: pacerOf(cells.operations),
  };
}

export function countersIn({ counters }: RunCells, isolate: number): Counters<CounterName> {
  return new Counters(COUNTER_NAMES, counters, isolate);
}

/** What waits for its turn does not hang, and a run that is to stop tidies up at full speed. */
function waitsWhile(stop: StopFlag, heartbeat: Heartbeat): () => boolean {
  return () => {
    heartbeat.beat();
    return !stop.isRaised;
  };
}
