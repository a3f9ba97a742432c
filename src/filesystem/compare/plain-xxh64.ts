/**
 * XXH64 without WebAssembly, whose memory reserves 10 GiB of addresses, more than some limits allow. It is 18
 * times slower. Each 64-bit number is two of 32 bits, high and low: JavaScript has no other fast integers.
 */

type Pair = readonly [high: number, low: number];

const PRIME_1: Pair = [0x9e3779b1, 0x85ebca87];
const PRIME_2: Pair = [0xc2b2ae3d, 0x27d4eb4f];
const PRIME_3: Pair = [0x165667b1, 0x9e3779f9];
const PRIME_4: Pair = [0x85ebca77, 0xc2b2ae63];
const PRIME_5: Pair = [0x27d4eb2f, 0x165667c5];

/** Four words of eight bytes. */
const STRIPE_BYTES = 32;

/** The last result of the functions below: returning both halves would allocate an object each time. */
let high = 0;
let low = 0;

function set([setHigh, setLow]: Pair): void {
  high = setHigh;
  low = setLow;
}

function add(otherHigh: number, otherLow: number): void {
  const sum = (low >>> 0) + (otherLow >>> 0);
  high = (high + otherHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
  low = sum | 0;
}

function multiply([otherHigh, otherLow]: Pair): void {
  high = (carried(low, otherLow) + Math.imul(high, otherLow) + Math.imul(low, otherHigh)) | 0;
  low = Math.imul(low, otherLow);
}

/** The high half of the product of two 32-bit numbers. */
function carried(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const first = (Math.imul(a1, b0) >>> 0) + (Math.imul(a0, b0) >>> 16);
  const second = (Math.imul(a0, b1) >>> 0) + (first & 0xffff);
  return (Math.imul(a1, b1) + (first >>> 16) + (second >>> 16)) | 0;
}

function xor(otherHigh: number, otherLow: number): void {
  high ^= otherHigh;
  low ^= otherLow;
}

function rotateLeft(bits: number): void {
  const [oldHigh, oldLow] = bits < 32 ? [high, low] : [low, high];
  const by = bits & 31;
  high = (oldHigh << by) | (oldLow >>> (32 - by));
  low = (oldLow << by) | (oldHigh >>> (32 - by));
}

function xorShifted(bits: number): void {
  if (bits >= 32) xor(0, high >>> (bits - 32));
  else xor(high >>> bits, (low >>> bits) | (high << (32 - bits)));
}

function readWord(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

/**
 * One round of the algorithm for a lane and eight bytes: lane = rotate(lane + bytes * PRIME_2, 31) * PRIME_1.
 * PERF: written out with numbers that stay in registers, as every byte of a file passes through here.
 */
function round(lanes: Int32Array, lane: number, bytes: Uint8Array, at: number): void {
  const inLow = readWord(bytes, at);
  const inHigh = readWord(bytes, at + 4);
  const productLow = Math.imul(inLow, 0x27d4eb4f);
  const productHigh =
    carried(inLow, 0x27d4eb4f) + Math.imul(inHigh, 0x27d4eb4f) + Math.imul(inLow, 0xc2b2ae3d);
  const sum = (productLow >>> 0) + ((lanes[lane + 1] as number) >>> 0);
  const sumHigh = (productHigh + (lanes[lane] as number) + (sum > 0xffffffff ? 1 : 0)) | 0;
  const sumLow = sum | 0;
  const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
  const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
  lanes[lane] =
    carried(turnedLow, 0x85ebca87) + Math.imul(turnedHigh, 0x85ebca87) + Math.imul(turnedLow, 0x9e3779b1);
  lanes[lane + 1] = Math.imul(turnedLow, 0x85ebca87);
}

export class PlainXxh64 {
  /** High and low halves of the four lanes. */
  readonly #lanes = new Int32Array(8);
  readonly #rest = new Uint8Array(STRIPE_BYTES);
  #restBytes = 0;
  #totalBytes = 0;

  constructor() {
    set(PRIME_1);
    add(...PRIME_2);
    this.#setLane(0);
    set(PRIME_2);
    this.#setLane(1);
    set([0, 0]);
    this.#setLane(2);
    add(~PRIME_1[0], ~PRIME_1[1]);
    add(0, 1);
    this.#setLane(3);
  }

  update(bytes: Uint8Array): this {
    this.#totalBytes += bytes.length;
    let at = 0;
    if (this.#restBytes > 0) {
      at = Math.min(bytes.length, STRIPE_BYTES - this.#restBytes);
      this.#rest.set(bytes.subarray(0, at), this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < STRIPE_BYTES) return this;
      this.#stripe(this.#rest, 0);
      this.#restBytes = 0;
    }
    for (; at + STRIPE_BYTES <= bytes.length; at += STRIPE_BYTES) this.#stripe(bytes, at);
    this.#rest.set(bytes.subarray(at));
    this.#restBytes = bytes.length - at;
    return this;
  }

  digest(): bigint {
    if (this.#totalBytes < STRIPE_BYTES) set(PRIME_5);
    else this.#mergeLanes();
    add(Math.floor(this.#totalBytes / 2 ** 32), this.#totalBytes | 0);
    this.#addRest();
    xorShifted(33);
    multiply(PRIME_2);
    xorShifted(29);
    multiply(PRIME_3);
    xorShifted(32);
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  }

  #setLane(lane: number): void {
    this.#lanes[2 * lane] = high;
    this.#lanes[2 * lane + 1] = low;
  }

  #takeLane(lane: number): Pair {
    return [this.#lanes[2 * lane] as number, this.#lanes[2 * lane + 1] as number];
  }

  #stripe(bytes: Uint8Array, at: number): void {
    const lanes = this.#lanes;
    for (let lane = 0; lane < 4; lane++) round(lanes, 2 * lane, bytes, at + 8 * lane);
  }

  #mergeLanes(): void {
    const rotated = [1, 7, 12, 18].map((bits, lane): Pair => {
      set(this.#takeLane(lane));
      rotateLeft(bits);
      return [high, low];
    });
    set([0, 0]);
    for (const each of rotated) add(...each);
    for (let lane = 0; lane < 4; lane++) this.#mergeLane(this.#takeLane(lane));
  }

  #mergeLane(lane: Pair): void {
    const merged: Pair = [high, low];
    set(lane);
    multiply(PRIME_2);
    rotateLeft(31);
    multiply(PRIME_1);
    xor(...merged);
    multiply(PRIME_1);
    add(...PRIME_4);
  }

  #addRest(): void {
    let at = 0;
    for (; at + 8 <= this.#restBytes; at += 8) this.#addEight(at);
    if (at + 4 <= this.#restBytes) {
      this.#addWord(readWord(this.#rest, at));
      at += 4;
    }
    for (; at < this.#restBytes; at++) this.#addByte(this.#rest[at] as number);
  }

  #addEight(at: number): void {
    const rounded = new Int32Array(2);
    round(rounded, 0, this.#rest, at);
    xor(rounded[0] as number, rounded[1] as number);
    rotateLeft(27);
    multiply(PRIME_1);
    add(...PRIME_4);
  }

  #addWord(word: number): void {
    const before: Pair = [high, low];
    set([0, word]);
    multiply(PRIME_1);
    xor(...before);
    rotateLeft(23);
    multiply(PRIME_2);
    add(...PRIME_3);
  }

  #addByte(byte: number): void {
    const before: Pair = [high, low];
    set([0, byte]);
    multiply(PRIME_5);
    xor(...before);
    rotateLeft(11);
    multiply(PRIME_1);
  }
}
