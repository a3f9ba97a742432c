/** Worker isolates that answer units of work. Units and results are plain data, a batch each. */
import { Worker } from 'node:worker_threads';
import { STARTED } from './unit-messages.ts';

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

function hasStarted(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('message', () => resolve());
    worker.once('exit', () => resolve());
  });
}

export class Workers<Unit, Result> {
  readonly #workers: Worker[];
  readonly #load: number[];
  readonly #waiting = new Map<number, Waiting<Result>>();
  readonly #started: Promise<void>[] = [];
  /** Why a worker ended: whatever is given to it from then on would wait for ever. */
  #failure: Error | undefined;
  #nextId = 0;
  #isClosing = false;

  /** @param dataFor what worker number N is started with */
  constructor(script: URL, count: number, dataFor: (worker: number) => unknown) {
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
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(script: URL, index: number, workerData: unknown): Worker {
    const worker = new Worker(script, { workerData, resourceLimits: LIMITS });
    this.#started.push(hasStarted(worker));
    worker.on('message', (answer: Answer<Result> | typeof STARTED) => {
      if (answer === STARTED) return;
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

  #failAll(error: Error): void {
    this.#failure ??= error;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of all) waiting.reject(error);
  }
}
