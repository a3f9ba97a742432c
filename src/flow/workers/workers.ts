/** Worker isolates that answer units of work. Units and results are plain data, sent in batches. */
import { Worker } from 'node:worker_threads';
import { FatalError, type LocationError } from '../../model/run/errors.ts';
import { type OnPart, SETTLE, SETTLED, STARTED } from './unit-server.ts';

interface Answer<Result> {
  readonly id: number;
  readonly result?: Result;
  /** Others follow. */
  readonly part?: Result;
  readonly error?: unknown;
}

interface Waiting<Unit, Result> {
  readonly unit: Unit;
  /** The worker that has the unit. */
  index: number;
  readonly onPart: OnPart<Result> | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * PERF: V8 lets the space for new objects grow to 48 MB per isolate, only for garbage. Two workers took 151
 * MB for a million entries, 104 with this limit, in the same time.
 */
const LIMITS = { maxYoungGenerationSizeMb: 12 };

export interface WorkersPlan {
  readonly script: URL;
  readonly count: number;
  /** Start data of worker number N. */
  readonly dataFor: (worker: number) => unknown;
  /**
   * True: a worker's calls may outlive it in the kernel, and write to memory that is freed with it. So it
   * must settle first.
   */
  readonly settles?: boolean;
  /** Class of the error if no thread at all can be started. */
  readonly Shortage?: typeof FatalError | typeof LocationError;
}

function isThere(entry: [number, Worker | undefined]): entry is [number, Worker] {
  return entry[1] !== undefined;
}

function hasSaid(worker: Worker, word: string): Promise<void> {
  return new Promise((resolve) => {
    worker.on('message', (message: unknown) => {
      if (message === word) resolve();
    });
  });
}

export class Workers<Unit, Result> {
  /** Undefined if no thread could be started for it. */
  readonly #workers: (Worker | undefined)[];
  readonly #settles: boolean;
  readonly #Shortage: NonNullable<WorkersPlan['Shortage']>;
  readonly #load: number[];
  readonly #waiting = new Map<number, Waiting<Unit, Result>>();
  /** Workers without a thread. */
  readonly #missing = new Set<number>();
  /** Each settles when its worker has started, or ended before. */
  readonly #started: Promise<void>[] = [];
  readonly #ended: Promise<void>[] = [];
  /** Why a worker ended: a unit given to it afterwards would wait without end. */
  #failure: Error | undefined;
  #nextId = 0;
  #isClosing = false;

  constructor({ script, count, dataFor, settles = false, Shortage = FatalError }: WorkersPlan) {
    this.#settles = settles;
    this.#Shortage = Shortage;
    this.#load = Array.from({ length: count }, () => 0);
    this.#workers = this.#load.map((_, index) => this.#tryToStart(script, index, dataFor(index)));
  }

  get count(): number {
    return this.#load.length;
  }

  /** Gives the unit to the least busy worker. Rejects with the worker's error. */
  run(unit: Unit, onPart?: OnPart<Result>): Promise<Result> {
    return this.runOn(this.#leastBusy(), unit, onPart);
  }

  async runOn(index: number, unit: Unit, onPart?: OnPart<Result>): Promise<Result> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#nextId++;
    return new Promise<Result>((resolve, reject) => {
      const waiting = { unit, index, onPart, resolve, reject };
      this.#waiting.set(id, waiting);
      this.#give(id, waiting);
    });
  }

  #give(id: number, { index, unit }: Waiting<Unit, Result>): void {
    this.#load[index] = (this.#load[index] as number) + 1;
    this.#workers[index]?.postMessage({ id, unit });
  }

  #leastBusy(): number {
    return this.#load.indexOf(Math.min(...this.#load));
  }

  /** Waits for all to start: ending a worker while it loads native code would crash the process. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#started);
    const workers = [...this.#workers.entries()].filter(isThere);
    if (this.#settles) await Promise.all(workers.map(([index, worker]) => this.#settle(worker, index)));
    await Promise.all(workers.map(([, worker]) => worker.terminate()));
  }

  #tryToStart(script: URL, index: number, workerData: unknown): Worker | undefined {
    try {
      return this.#start(script, index, workerData);
    } catch (error) {
      if (!isThreadShortage(error)) throw error;
      this.#doWithout(index, error);
      return undefined;
    }
  }

  #start(script: URL, index: number, workerData: unknown): Worker {
    const worker = new Worker(script, { workerData, resourceLimits: LIMITS, execArgv: [] });
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#ended.push(ended);
    this.#started.push(Promise.race([hasSaid(worker, STARTED), ended]));
    worker.on('message', (answer: Answer<Result> | typeof STARTED | typeof SETTLED) => {
      if (answer === STARTED || answer === SETTLED) return;
      this.#take(index, answer);
    });
    worker.on('error', (error) => {
      if (isThreadShortage(error)) this.#doWithout(index, error);
      else this.#failAll(error);
    });
    worker.on('exit', (status) => {
      if (!this.#isClosing && !this.#missing.has(index))
        this.#failAll(new Error(`worker ${index} ended with status ${status}`));
    });
    return worker;
  }

  #take(index: number, { id, ...answer }: Answer<Result>): void {
    const waiting = this.#waiting.get(id);
    if ('part' in answer) {
      this.#takePart(id, answer.part);
      return;
    }
    this.#waiting.delete(id);
    this.#load[index] = (this.#load[index] as number) - 1;
    if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.result as Result);
  }

  /** What cannot be taken fails the unit, as its result would. */
  #takePart(id: number, part: Result): void {
    const waiting = this.#waiting.get(id);
    try {
      waiting?.onPart?.(part);
    } catch (error) {
      this.#waiting.delete(id);
      waiting?.reject(error);
    }
  }

  async #settle(worker: Worker, index: number): Promise<void> {
    const settled = hasSaid(worker, SETTLED);
    worker.postMessage(SETTLE, []);
    await Promise.race([settled, this.#ended[index]]);
  }

  /** The other workers take over its units, none of which it has begun. */
  #doWithout(index: number, error: Error): void {
    this.#missing.add(index);
    this.#load[index] = Infinity;
    if (this.#missing.size === this.count) {
      this.#failAll(new this.#Shortage(describeThreadShortage(error), { cause: error }));
      return;
    }
    for (const [id, waiting] of this.#waiting) {
      if (waiting.index !== index) continue;
      waiting.index = this.#leastBusy();
      this.#give(id, waiting);
    }
  }

  #failAll(error: Error): void {
    this.#failure ??= error;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of all) waiting.reject(error);
  }
}

/** The error of a worker thread that cannot start, as the system allows no more threads. */
export function isThreadShortage(error: unknown): error is Error {
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_INIT_FAILED';
}

export function describeThreadShortage({ message }: Error): string {
  return `cannot start a worker thread: ${message}; raise how many threads (ulimit -u) and open files (ulimit -n) there may be`;
}
