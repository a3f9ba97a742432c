/** Worker isolates that answer units of work. Units and results are plain data, a batch each. */
import { Worker } from 'node:worker_threads';
import { SETTLE, SETTLED, STARTED } from './unit-messages.ts';

interface Answer<Result> {
  readonly id: number;
  readonly result?: Result;
  readonly error?: unknown;
}

interface Waiting<Result> {
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

function hasSaid(worker: Worker, word: string): Promise<void> {
  return new Promise((resolve) => {
    worker.on('message', (message: unknown) => {
      if (message === word) resolve();
    });
  });
}

export class Workers<Unit, Result> {
  readonly #workers: Worker[];
  readonly #settles: boolean;
  readonly #load: number[];
  readonly #waiting = new Map<number, Waiting<Result>>();
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
    this.#workers = this.#load.map((_, index) => this.#start(script, index, dataFor(index)));
  }

  get count(): number {
    return this.#workers.length;
  }

  /** Gives the unit to the worker with the fewest. Rejects with what the worker threw. */
  run(unit: Unit): Promise<Result> {
    const index = this.#load.indexOf(Math.min(...this.#load));
    return this.runOn(index, unit);
  }

  async runOn(index: number, unit: Unit): Promise<Result> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#nextId++;
    this.#load[index] = (this.#load[index] as number) + 1;
    const answered = new Promise<Result>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#workers[index]?.postMessage({ id, unit });
    return answered.finally(() => {
      this.#load[index] = (this.#load[index] as number) - 1;
    });
  }

  /** A worker ended while it still loads native code would take the whole process with it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#started);
    if (this.#settles) await Promise.all(this.#workers.map((worker, index) => this.#settle(worker, index)));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
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
      if ('error' in answer) waiting?.reject(answer.error);
      else waiting?.resolve(answer.result as Result);
    });
    worker.on('error', (error) => this.#failAll(error));
    worker.on('exit', (status) => {
      if (!this.#isClosing) this.#failAll(new Error(`worker ${index} ended with status ${status}`));
    });
    return worker;
  }

  async #settle(worker: Worker, index: number): Promise<void> {
    const settled = hasSaid(worker, SETTLED);
    worker.postMessage(SETTLE, []);
    await Promise.race([settled, this.#ended[index]]);
  }

  #failAll(error: Error): void {
    this.#failure ??= error;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of all) waiting.reject(error);
  }
}
