/**
 * Workers that are started only where the work outlasts a moment: what comes first, this isolate does.
 * PERF: a worker takes 85 ms to start, a tree of a thousand entries 20 ms to list. To go on here while
 * they start would slow their start down by more than it brings (2 cores).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Workers } from './workers.ts';

/** Work that is done here within this, its modules' loading included, needs no workers. */
const PATIENCE_MS = 60;
/** The next is there when one ends. */
const UNITS_PER_WORKER = 2;

export interface CrewPlan<Unit, Result> {
  readonly workerCount: number;
  readonly startWorkers: () => Workers<Unit, Result>;
  readonly serveHere: (unit: Unit) => Promise<Result>;
  /** Not where it would keep this isolate from its timers and signals for long. */
  readonly mayServeHere: (unit: Unit) => boolean;
}

export class Crew<Unit, Result> {
  readonly #plan: CrewPlan<Unit, Result>;
  #workers: Workers<Unit, Result> | undefined;
  #servedMs = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(plan: CrewPlan<Unit, Result>) {
    this.#plan = plan;
  }

  get count(): number {
    return this.#plan.workerCount;
  }

  /** So many units under way keep all workers busy where no call takes long. */
  get unitsUnderWay(): number {
    return this.count * UNITS_PER_WORKER;
  }

  async run(unit: Unit): Promise<Result> {
    if (this.#workers === undefined && this.#plan.mayServeHere(unit)) return this.#runInTurn(unit);
    return this.#runThere(unit);
  }

  async close(): Promise<void> {
    await this.#workers?.close();
  }

  /** One unit after another; between them this isolate's events come to their right. */
  async #runInTurn(unit: Unit): Promise<Result> {
    const before = this.#turn;
    const turn: { end?: () => void } = {};
    this.#turn = new Promise((resolve) => (turn.end = resolve));
    await before;
    try {
      await nextTurn();
      if (this.#workers === undefined && this.#servedMs < PATIENCE_MS) return await this.#serveHere(unit);
    } finally {
      turn.end?.();
    }
    return this.#runThere(unit);
  }

  async #serveHere(unit: Unit): Promise<Result> {
    const startMs = performance.now();
    try {
      return await this.#plan.serveHere(unit);
    } finally {
      this.#servedMs += performance.now() - startMs;
    }
  }

  #runThere(unit: Unit): Promise<Result> {
    this.#workers ??= this.#plan.startWorkers();
    return this.#workers.run(unit);
  }
}
