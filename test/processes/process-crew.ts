/**
 * A crew of child processes in place of the threads: what it serves has crossed a pipe, so it was plain data, and
 * brought all that it counted and noted. `build.js` puts it into a program of its own, for the end-to-end tests.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countersIn } from '../../src/engine/context/run-cells.ts';
import type { WorkerSetup } from '../../src/engine/context/worker-context.ts';
import type { ServedUnit, WorkUnit } from '../../src/engine/messages/units.ts';
import { Allowance } from '../../src/flow/pacer.ts';
import { Heartbeat } from '../../src/flow/activity.ts';
import { StopFlag } from '../../src/flow/stop-flag.ts';
import type { Crew } from '../../src/flow/workers/crew.ts';
import type { OnPart } from '../../src/flow/workers/unit-server.ts';
import { FatalError } from '../../src/model/run/errors.ts';
import type { Limits } from '../../src/model/settings.ts';
import { unshared, type FromServer, type ProcessSetup, type ToServer } from './messages.ts';

const SCRIPT = fileURLToPath(new URL('unit-process.cjs', import.meta.url));
const POLL_MS = 20;

interface Waiting {
  readonly onPart: OnPart<ServedUnit> | undefined;
  readonly resolve: (served: ServedUnit) => void;
  readonly reject: (error: unknown) => void;
}

export function createCrew(
  workerCount: number,
  setupOf: (worker: number) => WorkerSetup,
): Crew<WorkUnit, ServedUnit> {
  return new ProcessCrew(workerCount, setupOf(workerCount));
}

class ProcessCrew implements Crew<WorkUnit, ServedUnit> {
  readonly count: number;
  readonly #setup: WorkerSetup;
  readonly #servers: Server[] = [];
  readonly #directory = mkdtempSync(join(tmpdir(), 'efs-sync-crew-'));
  readonly #stopPath = join(this.#directory, 'stop');
  #poll: NodeJS.Timeout | undefined;

  constructor(count: number, setup: WorkerSetup) {
    this.count = count;
    this.#setup = setup;
  }

  get unitsUnderWay(): number {
    return 2 * this.count;
  }

  async run(unit: WorkUnit, onPart?: OnPart<ServedUnit>): Promise<ServedUnit> {
    this.#poll ??= setInterval(() => this.#tellChanges(), POLL_MS).unref();
    this.#tellChanges();
    const served = await this.#idlest().run(unit, (part) => {
      this.#show(part);
      onPart?.(part);
    });
    this.#show(served);
    return served;
  }

  #show({ gains }: ServedUnit): void {
    const shown = countersIn(this.#setup.cells, this.count);
    for (const [index, amount] of gains.counts.entries()) shown.addAt(index, amount);
  }

  async close(): Promise<void> {
    clearInterval(this.#poll);
    await Promise.all(this.#servers.map((server) => server.close()));
    rmSync(this.#directory, { recursive: true });
  }

  /** Starts another only where all are busy. */
  #idlest(): Server {
    const [first, ...others] = this.#servers.toSorted((one, other) => one.load - other.load);
    if (first !== undefined && (first.load === 0 || others.length + 1 === this.count)) return first;
    const beat = () => new Heartbeat(this.#setup.cells.heartbeat).beat();
    const server = new Server({ ...setupOfProcess(this.#setup), stopPath: this.#stopPath }, beat);
    this.#servers.push(server);
    return server;
  }

  /** What threads would read in shared memory. */
  #tellChanges(): void {
    const { stop, bandwidth, operations } = this.#setup.cells;
    const limits = {
      bandwidthBytesPerSec: bandwidth === undefined ? 0 : new Allowance(bandwidth).perSec,
      operationsPerSec: operations === undefined ? 0 : new Allowance(operations).perSec,
    };
    if (new StopFlag(stop).isRaised) writeFileSync(this.#stopPath, '');
    for (const server of this.#servers) server.limit(limits);
  }
}

class Server {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #nextId = 0;
  #limits = '';
  #isClosing = false;

  constructor(setup: ProcessSetup, beat: () => void) {
    this.#child = fork(SCRIPT, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromServer) => {
      if (message.kind === 'moved') {
        beat();
        return;
      }
      const waiting = this.#waiting.get(message.id);
      if (message.kind === 'part') {
        waiting?.onPart?.(message.served);
        return;
      }
      this.#waiting.delete(message.id);
      if (message.kind === 'failed') waiting?.reject(message.error);
      else if (message.kind === 'lost') waiting?.reject(new FatalError(message.message));
      else waiting?.resolve(message.served);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (status, signal) => {
        if (!this.#isClosing) this.#failAll(new Error(`a server of units ended: ${signal ?? status}`));
        resolve();
      });
    });
    this.#send({ kind: 'begin', setup });
  }

  get load(): number {
    return this.#waiting.size;
  }

  run(unit: WorkUnit, onPart: OnPart<ServedUnit>): Promise<ServedUnit> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { onPart, resolve, reject });
      this.#send({ kind: 'unit', id, unit: unshared(unit) });
    });
  }

  limit(limits: Limits): void {
    const text = JSON.stringify(limits);
    if (text === this.#limits) return;
    this.#limits = text;
    this.#send({ kind: 'limits', limits });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#send({ kind: 'end' });
    await this.#ended;
  }

  #send(message: ToServer): void {
    if (this.#child.connected) this.#child.send(message, (error) => error !== null && this.#failAll(error));
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Shared memory stays here, and descriptors mean nothing there. */
function setupOfProcess({ isolate, settings, run, cells }: WorkerSetup): Omit<ProcessSetup, 'stopPath'> {
  return unshared({
    laneCount: isolate.laneCount,
    settings,
    run: { ...run, source: { ...run.source, fd: -1 }, destination: { ...run.destination, fd: -1 } },
    countsInFlight: cells.inFlight !== undefined,
    limitsMayChange: cells.bandwidth !== undefined || cells.operations !== undefined,
  });
}
