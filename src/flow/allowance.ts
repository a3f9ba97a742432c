/**
 * What a rate has let pass so far, in shared memory: whoever wants to pass takes the next number, and may
 * once the rate has reached it. The rate may change while others wait. There is no clock here: times are given.
 */

/** What was not used is lost after this long, so that a pause is not followed by a burst. */
const BURST_US = 100_000n;
const US_PER_SEC = 1_000_000n;
/** 256 GiB a second, which no machine does: a year of it is still a 64-bit number. */
const MOST_PER_SEC = 2 ** 38;

const [TAKEN, VERSION, FROM, FROM_US, PER_SEC, CELLS] = [0, 1, 2, 3, 4, 5] as const;

/** Since `fromUs`, when `from` was reached. */
interface Course {
  readonly from: bigint;
  readonly fromUs: bigint;
  readonly perSec: bigint;
}

export class Allowance {
  readonly shared: SharedArrayBuffer;
  readonly #cells: BigInt64Array;

  constructor(shared = new SharedArrayBuffer(CELLS * 8)) {
    this.shared = shared;
    this.#cells = new BigInt64Array(shared);
  }

  /** 0: no limit. */
  get perSec(): number {
    return Number(Atomics.load(this.#cells, PER_SEC));
  }

  /** For one isolate alone to call. Who waits goes on waiting, at the new rate. */
  setRate(perSec: number, nowUs: number): void {
    const course = this.#course();
    const taken = Atomics.load(this.#cells, TAKEN);
    const reached = course.perSec === 0n ? taken : least(reachedBy(course, nowUs), taken);
    Atomics.add(this.#cells, VERSION, 1n);
    Atomics.store(this.#cells, FROM, reached);
    Atomics.store(this.#cells, FROM_US, BigInt(Math.round(nowUs)));
    Atomics.store(this.#cells, PER_SEC, BigInt(Math.min(perSec, MOST_PER_SEC)));
    Atomics.add(this.#cells, VERSION, 1n);
  }

  /** Takes numbers for so many, and gives the last of them. The first ever has no time unused to draw on. */
  take(count: number, nowUs: number): bigint {
    const course = this.#course();
    const reached = reachedBy(course, nowUs);
    const unused = (course.perSec * BURST_US) / US_PER_SEC;
    for (;;) {
      const taken = Atomics.load(this.#cells, TAKEN);
      const start = most(taken, taken === 0n ? reached : reached - unused);
      const last = start + BigInt(count);
      if (Atomics.compareExchange(this.#cells, TAKEN, taken, last) === taken) return last;
    }
  }

  /** How long until that number may pass, as far as is known now; 0 or less: it may. */
  waitUs(number: bigint, nowUs: number): number {
    const { from, fromUs, perSec } = this.#course();
    if (perSec === 0n) return 0;
    const sinceUs = ((number - from) * US_PER_SEC + perSec - 1n) / perSec;
    return Number(fromUs + sinceUs) - nowUs;
  }

  /** The version is odd, and then another, where it is being changed. */
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

function reachedBy({ from, fromUs, perSec }: Course, nowUs: number): bigint {
  return from + (perSec * (BigInt(Math.round(nowUs)) - fromUs)) / US_PER_SEC;
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function most(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
