/**
 * Starts workers only if the work outlasts a moment; this isolate does the first units itself. PERF: a worker
 * takes 85 ms to start, a tree of a thousand entries 20 ms to list. Working on here while workers start would
 * slow their start by more than it gains (2 cores).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UNITS_PER_WORKER } from '../../model/concurrency.ts';
import type { OnPart } from './unit-server.ts';
import type { Workers } from './workers.ts';

/** Work that ends here within this time, loading its modules included, needs no workers. */
const PATIENCE_MS = 60;

/** Who serves units of work. */
export interface Crew<Unit, Result> {
  readonly count: number;
  /** Enough units in progress to keep all busy where no call takes long. */
  readonly unitsUnderWay: number;
  /** @param onPart takes what the unit answers before its end, in the order in which it was found */
  run(unit: Unit, onPart?: OnPart<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface ThreadsPlan<Unit, Result> {
  readonly workerCount: number;
  /** @param first the unit for which they are started */
  readonly startWorkers: (first: Unit) => Workers<Unit, Result>;
  readonly serveHere: (unit: Unit, onPart: OnPart<Result> | undefined) => Promise<Result>;
  /** False if the unit would block this isolate's timers and signals for long. */
  readonly mayServeHere: (unit: Unit) => boolean;
}

export class ThreadCrew<Unit, Result> implements Crew<Unit, Result> {
  readonly #plan: ThreadsPlan<Unit, Result>;
  #workers: Workers<Unit, Result> | undefined;
  #servedMs = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(plan: ThreadsPlan<Unit, Result>) {
    this.#plan = plan;
  }

  get count(): number {
    return this.#plan.workerCount;
  }

  get unitsUnderWay(): number {
    return this.count * UNITS_PER_WORKER;
  }

  async run(unit: Unit, onPart?: OnPart<Result>): Promise<Result> {
    if (this.#workers === undefined && this.#plan.mayServeHere(unit)) return this.#runInTurn(unit, onPart);
    return this.#runThere(unit, onPart);
  }

  async close(): Promise<void> {
    await this.#workers?.close();
  }

  /** Runs one unit after another; this isolate handles its events in between. */
  async #runInTurn(unit: Unit, onPart?: OnPart<Result>): Promise<Result> {
    const before = this.#turn;
    const turn: { end?: () => void } = {};
    this.#turn = new Promise((resolve) => (turn.end = resolve));
    await before;
    try {
      await nextTurn();
      if (this.#workers === undefined && this.#servedMs < PATIENCE_MS)
        return await this.#serveHere(unit, onPart);
    } finally {
      turn.end?.();
    }
    return this.#runThere(unit, onPart);
  }

  async #serveHere(unit: Unit, onPart?: OnPart<Result>): Promise<Result> {
    const startMs = performance.now();
    try {
      return await this.#plan.serveHere(unit, onPart);
    } finally {
      this.#servedMs += performance.now() - startMs;
    }
  }

  #runThere(unit: Unit, onPart?: OnPart<Result>): Promise<Result> {
    this.#workers ??= this.#plan.startWorkers(unit);
    return this.#workers.run(unit, onPart);
  }
}
