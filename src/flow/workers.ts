/** Worker isolates that answer units of work. Units and results are plain data, a batch each. */
import { Worker } from 'node:worker_threads';
import { ProcessorShare } from './processor-share.ts';
import { STARTED } from './unit-messages.ts';

interface Answer<Result> {
  readonly id: number;
  readonly result?: Result;
  readonly error?: unknown;
}

interface Waiting<Unit, Result> {
  readonly unit: Unit;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

interface Isolate<Unit, Result> {
  readonly worker: Worker;
  /** Or ended before. */
  readonly started: Promise<void>;
  readonly given: Map<number, Waiting<Unit, Result>>;
}

export interface WorkerCounts {
  readonly count: number;
  /** The others start one by one, while units wait and the processors have time. */
  readonly firstCount: number;
}

/** The next unit is there when one ends. */
const MOST_GIVEN = 2;
const GROWTH_INTERVAL_MS = 50;
/** Of the processors' time. The kernel's work for these calls, which counts for nobody, is on top of it. */
const BUSY_SHARE = 0.5;

export class Workers<Unit, Result> {
  readonly #script: URL;
  readonly #counts: WorkerCounts;
  readonly #dataFor: (worker: number) => unknown;
  readonly #isolates: Isolate<Unit, Result>[] = [];
  readonly #queue: Waiting<Unit, Result>[] = [];
  readonly #growth: NodeJS.Timeout | undefined;
  /** Why a worker ended: whatever is given to it from then on would wait for ever. */
  #failure: Error | undefined;
  #nextId = 0;
  #startingCount = 0;
  #isClosing = false;

  /** @param dataFor what worker number N is started with */
  constructor(script: URL, counts: WorkerCounts, dataFor: (worker: number) => unknown) {
    this.#script = script;
    this.#counts = counts;
    this.#dataFor = dataFor;
    for (let index = 0; index < counts.firstCount; index++) this.#start();
    if (counts.firstCount < counts.count) this.#growth = this.#growWhileNeeded();
  }

  /** Gives the unit to the worker with the fewest. Rejects with what the worker threw. */
  async run(unit: Unit): Promise<Result> {
    if (this.#failure !== undefined) throw this.#failure;
    return new Promise<Result>((resolve, reject) => {
      this.#queue.push({ unit, resolve, reject });
      this.#handOut();
    });
  }

  /** A worker ended while it still loads native code would take the whole process with it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#growth);
    await Promise.all(this.#isolates.map(({ started }) => started));
    await Promise.all(this.#isolates.map(({ worker }) => worker.terminate()));
  }

  #handOut(): void {
    while (this.#queue.length > 0) {
      const isolate = this.#isolates.reduce((least, one) =>
        one.given.size < least.given.size ? one : least,
      );
      if (isolate.given.size >= MOST_GIVEN) return;
      const waiting = this.#queue.shift() as Waiting<Unit, Result>;
      const id = this.#nextId++;
      isolate.given.set(id, waiting);
      isolate.worker.postMessage({ id, unit: waiting.unit }, []);
    }
  }

  #growWhileNeeded(): NodeJS.Timeout {
    const share = new ProcessorShare();
    const grow = () => {
      const isBusy = share.sinceLast() > BUSY_SHARE;
      if (isBusy || this.#startingCount > 0 || this.#queue.length === 0) return;
      if (this.#isolates.length === this.#counts.count) return;
      this.#start();
      this.#handOut();
    };
    return setInterval(grow, GROWTH_INTERVAL_MS).unref();
  }

  #start(): void {
    const index = this.#isolates.length;
    const worker = new Worker(this.#script, { workerData: this.#dataFor(index) });
    const isolate = { worker, started: this.#hasStarted(worker), given: new Map() };
    this.#isolates.push(isolate);
    worker.on('message', (answer: Answer<Result> | typeof STARTED) => {
      if (answer !== STARTED) this.#take(isolate, answer);
    });
    worker.on('error', (error) => this.#failAll(error));
    worker.on('exit', (status) => {
      if (!this.#isClosing) this.#failAll(new Error(`worker ${index} ended with status ${status}`));
    });
  }

  #hasStarted(worker: Worker): Promise<void> {
    this.#startingCount++;
    return new Promise((resolve) => {
      const started = () => {
        this.#startingCount--;
        resolve();
      };
      worker.once('message', started);
      worker.once('exit', resolve);
    });
  }

  #take(isolate: Isolate<Unit, Result>, answer: Answer<Result>): void {
    const waiting = isolate.given.get(answer.id);
    isolate.given.delete(answer.id);
    if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.result as Result);
    this.#handOut();
  }

  #failAll(error: Error): void {
    this.#failure ??= error;
    const given = this.#isolates.flatMap((isolate) => [...isolate.given.values()]);
    for (const isolate of this.#isolates) isolate.given.clear();
    for (const { reject } of [...given, ...this.#queue.splice(0)]) reject(error);
  }
}
