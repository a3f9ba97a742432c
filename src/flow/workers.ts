/** Worker isolates that answer units of work. Units and results are plain data, a batch each. */
import { Worker } from 'node:worker_threads';
import { FatalError } from '../errors.ts';
import { SETTLE, SETTLED, STARTED } from './unit-messages.ts';

/** Of an error with which a thread did not begin. */
const NO_THREAD = 'ERR_WORKER_INIT_FAILED';

interface Answer<Result> {
  readonly id: number;
  readonly result?: Result;
  readonly error?: unknown;
}

interface Waiting<Unit, Result> {
  readonly unit: Unit;
  /** The worker that has it. */
  index: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * PERF: V8 lets the space for new objects grow to 48 MB an isolate, for garbage alone: two workers took 151 MB
 * for a million entries, 104 with this, in the same time.
 */
const LIMITS = { maxYoungGenerationSizeMb: 12 };

export interface WorkersPlan {
  readonly script: URL;
  readonly count: number;
  /** What worker number N is started with. */
  readonly dataFor: (worker: number) => unknown;
  /** They make calls that the kernel goes on with when they end, in memory that is freed with them. */
  readonly settles?: boolean;
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
  /** Undefined: there was no thread for it. */
  readonly #workers: (Worker | undefined)[];
  readonly #settles: boolean;
  readonly #load: number[];
  readonly #waiting = new Map<number, Waiting<Unit, Result>>();
  /** Workers for which there was no thread. */
  readonly #missing = new Set<number>();
  /** Started, or ended before. */
  readonly #started: Promise<void>[] = [];
  readonly #ended: Promise<void>[] = [];
  /** Why a worker ended: whatever is given to it from then on would wait for ever. */
  #failure: Error | undefined;
  #nextId = 0;
  #isClosing = false;

  constructor({ script, count, dataFor, settles = false }: WorkersPlan) {
    this.#settles = settles;
    this.#load = Array.from({ length: count }, () => 0);
    this.#workers = this.#load.map((_, index) => this.#tryToStart(script, index, dataFor(index)));
  }

  get count(): number {
    return this.#load.length;
  }

  /** Gives the unit to the worker with the fewest. Rejects with what the worker threw. */
  run(unit: Unit): Promise<Result> {
    return this.runOn(this.#leastBusy(), unit);
  }

  async runOn(index: number, unit: Unit): Promise<Result> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#nextId++;
    return new Promise<Result>((resolve, reject) => {
      const waiting = { unit, index, resolve, reject };
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

  /** A worker ended while it still loads native code would take the whole process with it. */
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
      if ((error as NodeJS.ErrnoException).code !== NO_THREAD) throw error;
      this.#doWithout(index, error as Error);
      return undefined;
    }
  }

  #start(script: URL, index: number, workerData: unknown): Worker {
    const worker = new Worker(script, { workerData, resourceLimits: LIMITS });
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#ended.push(ended);
    this.#started.push(Promise.race([hasSaid(worker, STARTED), ended]));
    worker.on('message', (answer: Answer<Result> | typeof STARTED | typeof SETTLED) => {
      if (answer === STARTED || answer === SETTLED) return;
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      this.#load[index] = (this.#load[index] as number) - 1;
      if ('error' in answer) waiting?.reject(answer.error);
      else waiting?.resolve(answer.result as Result);
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === NO_THREAD) this.#doWithout(index, error);
      else this.#failAll(error);
    });
    worker.on('exit', (status) => {
      if (!this.#isClosing && !this.#missing.has(index))
        this.#failAll(new Error(`worker ${index} ended with status ${status}`));
    });
    return worker;
  }

  async #settle(worker: Worker, index: number): Promise<void> {
    const settled = hasSaid(worker, SETTLED);
    worker.postMessage(SETTLE, []);
    await Promise.race([settled, this.#ended[index]]);
  }

  /** Fewer do the same; what the missing one was given, it has not begun. */
  #doWithout(index: number, error: Error): void {
    this.#missing.add(index);
    this.#load[index] = Infinity;
    if (this.#missing.size === this.count) {
      const cause = `cannot start a worker thread: ${error.message}`;
      this.#failAll(
        new FatalError(
          `${cause}; raise how many threads (ulimit -u) and open files (ulimit -n) there may be`,
          { cause: error },
        ),
      );
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
