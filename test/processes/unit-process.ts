/** A process that serves units, with roots, counters and limits of its own. */
import { closeSync, constants as fileConstants, openSync } from 'node:fs';
import { constants } from 'node:os';
import { Worker } from 'node:worker_threads';
import { RunActivity } from '../../src/engine/context/run-activity.ts';
import { createRunCells } from '../../src/engine/context/run-cells.ts';
import { createIsolateContext, type RootSetup } from '../../src/engine/context/worker-context.ts';
import type { CopyStepResult } from '../../src/engine/messages/copy-steps.ts';
import type { Served, ServedUnit, WorkUnit } from '../../src/engine/messages/units.ts';
import { readOpenEntry } from '../../src/filesystem/entry-stat.ts';
import { release } from '../../src/flow/byte-pool.ts';
import { RunLimits } from '../../src/flow/run-limits.ts';
import type { OnPart } from '../../src/flow/workers/unit-server.ts';
import { type Cells, shareCells } from '../../src/flow/shared-cells.ts';
import { StopFlag } from '../../src/flow/stop-flag.ts';
import { loadLibrary } from '../../src/linux/library.ts';
import { linuxCalls } from '../../src/linux/linux.ts';
import { openRing } from '../../src/linux/ring.ts';
import { displayName } from '../../src/model/display-name.ts';
import { sameIdentity } from '../../src/model/entry.ts';
import type { Side } from '../../src/model/task.ts';
import { FatalError } from '../../src/model/run/errors.ts';
import type { Limits } from '../../src/model/settings.ts';
import { copyInRanges } from '../../src/phases/syncing/copy-in-ranges.ts';
import { leavePastExitHandlers } from '../../src/run/leave-process.ts';
import { loadDigestsFor } from '../../src/run/load-digests.ts';
import { type IsolateResult, type IsolateUnit, serveUnit } from '../../src/run/serve-unit.ts';
import { type FromServer, type ToServer, type ProcessSetup, unshared } from './messages.ts';

const BEAT_MS = 50;
const STOP_POLL_MS = 10;
/** Parts of a large file at once. */
const STEPS_AT_ONCE = 2;

interface Serving {
  readonly serve: (unit: WorkUnit, onPart: OnPart<ServedUnit>) => Promise<ServedUnit>;
  readonly setLimits: (limits: Limits) => void;
  readonly end: () => Promise<void>;
}

// The run is told, and tells.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
  process.on(signal, () => undefined);
process.on('disconnect', () => leave(1));
endWithTheRun();

let serving: Promise<Serving> | undefined;
/** The same, or nothing if that failed: each unit is answered with the reason. */
let begun: Promise<Serving | undefined> | undefined;
process.on('message', (message: ToServer) => void take(message));

async function take(message: ToServer): Promise<void> {
  switch (message.kind) {
    case 'begin':
      serving = begin(message.setup);
      begun = serving.catch(() => undefined);
      return;
    case 'unit':
      return answer(message);
    case 'limits':
      (await begun)?.setLimits(message.limits);
      return;
    case 'end':
      await (await begun)?.end();
      leave(0);
      return;
    default:
  }
}

async function answer({ id, unit }: Extract<ToServer, { kind: 'unit' }>): Promise<void> {
  try {
    const { serve } = (await serving) as Serving;
    const send = (kind: 'served' | 'part') => (served: ServedUnit) =>
      tell({ kind, id, served: unshared(served, release) });
    send('served')(await serve(unit, send('part')));
  } catch (error) {
    tell(
      error instanceof FatalError
        ? { kind: 'lost', id, message: error.message }
        : { kind: 'failed', id, error },
    );
  }
}

/** As the run itself: an exit handler of its library hangs where standard output cannot be flushed. */
function leave(status: number): void {
  leavePastExitHandlers(status);
  process.exit(status);
}

function tell(message: FromServer): void {
  process.send?.(message);
}

async function begin(setup: ProcessSetup): Promise<Serving> {
  const { settings, laneCount, countsInFlight, limitsMayChange } = setup;
  const activity = new RunActivity();
  const signals = { ...shareCells({ stop: StopFlag.sizeBytes }), heartbeat: activity.shared.heartbeat };
  awaitStop(setup.stopPath, signals.stop);
  const cells = createRunCells(signals, { settings, isolateCount: 1, countsInFlight, limitsMayChange });
  const run = {
    ...setup.run,
    source: await opened('source', setup.run.source),
    destination: await opened('destination', setup.run.destination),
  };
  const ring = settings.ioUring ? openRing() : undefined;
  const isolate = createIsolateContext(
    { isolate: { index: 0, count: 1, laneCount }, settings, run, cells: { ...cells, ...activity.own } },
    ring,
  );
  let limits: Limits = settings;
  const runLimits = new RunLimits(cells, settings, () => limits);
  let noticed = activity.count;
  setInterval(() => {
    if (activity.count === noticed) return;
    noticed = activity.count;
    tell({ kind: 'moved' });
  }, BEAT_MS).unref();
  const serve = async (unit: IsolateUnit, onPart?: OnPart<Served<IsolateResult>>) => {
    await loadDigestsFor(unit, settings);
    return serveUnit(isolate, unit, onPart);
  };
  const { stop } = isolate;
  const runStep = (step: IsolateUnit) => serve(step) as Promise<Served<CopyStepResult>>;
  return {
    serve: async (unit, onPart) =>
      unit.unit === 'copyFile'
        ? copyInRanges({ unitsUnderWay: STEPS_AT_ONCE, stop, run: runStep }, unit)
        : (serve(unit, onPart as OnPart<Served<IsolateResult>>) as Promise<ServedUnit>),
    setLimits: (changed) => {
      limits = changed;
      runLimits.update();
    },
    end: async () => {
      await ring?.close();
      closeSync(run.source.fd);
      closeSync(run.destination.fd);
    },
  };
}

/** A call that hangs lets it notice nothing: prctl(2), PR_SET_PDEATHSIG. */
function endWithTheRun(): void {
  const prctl = loadLibrary().declare('prctl', 'int', ['int', 'ulong']);
  prctl(1, constants.signals.SIGKILL);
}

/** In a thread of its own: calls that block let no message of the run through. */
function awaitStop(path: string, stop: Cells): void {
  const watch = `
    const { existsSync } = require('node:fs');
    const { workerData: { path, stop } } = require('node:worker_threads');
    const flag = new Int32Array(stop.buffer, stop.byteOffset, 1);
    while (!existsSync(path)) Atomics.wait(flag, 0, 0, ${STOP_POLL_MS});
    Atomics.store(flag, 0, 1);`;
  new Worker(watch, { eval: true, workerData: { path, stop } }).unref();
}

/** The root that the run has opened, by its path. @throws FatalError */
async function opened(side: Side, root: RootSetup): Promise<RootSetup> {
  const fd = openSync(
    Buffer.from(root.realPath, 'latin1'),
    fileConstants.O_RDONLY | fileConstants.O_DIRECTORY,
  );
  const entry = await readOpenEntry({ linux: linuxCalls('blocking'), fd, path: '' });
  if (sameIdentity(entry, root)) return { ...root, fd };
  closeSync(fd);
  const which = `${side} ${displayName(root.realPath)}`;
  throw new FatalError(`cannot continue: ${which} is no longer the directory it was at the start`);
}
