/** Holds all workers together to a rate, in shared memory: a worker that would exceed it waits. */
import type { Cells } from './shared-cells.ts';
import { sleep } from './sleep.ts';

/** A new rate or a stop takes effect within this time. */
const LONGEST_SLEEP_MS = 100;

export class Pacer {
  readonly #allowance: Allowance;
  readonly #mayWait: () => boolean;

  /** @param mayWait asked before each sleep; false ends the wait */
  constructor(allowance: Allowance, mayWait: () => boolean) {
    this.#allowance = allowance;
    this.#mayWait = mayWait;
  }

  /** 0: no limit. */
  get perSec(): number {
    return this.#allowance.perSec;
  }

  /** Waits until `count` units may pass. */
  async pass(count: number): Promise<void> {
    if (count === 0 || this.perSec === 0) return;
    const number = this.#allowance.take(count, nowUs());
    for (let waitMs = this.#waitMs(number); waitMs > 0 && this.#mayWait(); waitMs = this.#waitMs(number)) {
      await sleep(Math.min(waitMs, LONGEST_SLEEP_MS));
    }
  }

  /** For callers that cannot wait: later callers wait longer instead. */
  passAtOnce(count: number): void {
    if (this.perSec !== 0) this.#allowance.take(count, nowUs());
  }

  #waitMs(number: bigint): number {
    return this.#allowance.waitUs(number, nowUs()) / 1000;
  }
}

/** Unused allowance expires after this long, so that a pause is not followed by a burst. */
const BURST_US = 100_000n;
const US_PER_SEC = 1_000_000n;
/** 256 GiB per second, more than any machine can do: a year of it still fits in 64 bits. */
const MOST_PER_SEC = 2 ** 38;

const [TAKEN, VERSION, FROM, FROM_US, PER_SEC, CELLS] = [0, 1, 2, 3, 4, 5] as const;

/** The rate since `fromUs`, at which time the count was `from`. */
interface Course {
  readonly from: bigint;
  readonly fromUs: bigint;
  readonly perSec: bigint;
}

/**
 * Counts in shared memory what a rate has let pass. Each caller takes the next number, and may pass once the
 * rate has reached it. The rate may change while others wait. Callers pass the time in.
 */
export class Allowance {
  static readonly sizeBytes = CELLS * BigInt64Array.BYTES_PER_ELEMENT;
  readonly #cells: BigInt64Array;

  constructor({ buffer, byteOffset }: Cells) {
    this.#cells = new BigInt64Array(buffer, byteOffset, CELLS);
  }

  /** 0: no limit. */
  get perSec(): number {
    return Number(Atomics.load(this.#cells, PER_SEC));
  }

  /** Only one isolate may call this. Callers that wait go on waiting, at the new rate. */
  setRate(perSec: number, atUs: number): void {
    const course = this.#course();
    const taken = Atomics.load(this.#cells, TAKEN);
    const reached = course.perSec === 0n ? taken : least(reachedBy(course, atUs), taken);
    Atomics.add(this.#cells, VERSION, 1n);
    Atomics.store(this.#cells, FROM, reached);
    Atomics.store(this.#cells, FROM_US, BigInt(Math.round(atUs)));
    Atomics.store(this.#cells, PER_SEC, BigInt(Math.min(perSec, MOST_PER_SEC)));
    Atomics.add(this.#cells, VERSION, 1n);
  }

  /** Takes `count` numbers and gives the last. The first call ever has no unused allowance. */
  take(count: number, atUs: number): bigint {
    const course = this.#course();
    const reached = reachedBy(course, atUs);
    const unused = (course.perSec * BURST_US) / US_PER_SEC;
    for (;;) {
      const taken = Atomics.load(this.#cells, TAKEN);
      const start = most(taken, taken === 0n ? reached : reached - unused);
      const last = start + BigInt(count);
      if (Atomics.compareExchange(this.#cells, TAKEN, taken, last) === taken) return last;
    }
  }

  /** How long until that number may pass, at the current rate; 0 or less: now. */
  waitUs(number: bigint, atUs: number): number {
    const { from, fromUs, perSec } = this.#course();
    if (perSec === 0n) return 0;
    const sinceUs = ((number - from) * US_PER_SEC + perSec - 1n) / perSec;
    return Number(fromUs + sinceUs) - atUs;
  }

  /** While the values change the version is odd, and afterwards it differs: then read again. */
  #course(): Course {
    for (;;) {
      const version = Atomics.load(this.#cells, VERSION);
      const [from, fromUs, perSec] = [this.#read(FROM), this.#read(FROM_US), this.#read(PER_SEC)];
      if (version % 2n === 0n && this.#read(VERSION) === version) return { from, fromUs, perSec };
    }
  }

  #read(cell: number): bigint {
    return Atomics.load(this.#cells, cell);
  }
}

function reachedBy({ from, fromUs, perSec }: Course, atUs: number): bigint {
  return from + (perSec * (BigInt(Math.round(atUs)) - fromUs)) / US_PER_SEC;
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function most(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

/** The same clock in all isolates, never set back like the system's clock. */
export function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}
