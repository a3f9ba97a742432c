/**
 * Times with more seconds than a number can hold exactly, as an Entry has them: the seconds are rounded down
 * to a multiple of `STEP_SEC`, and the nanoseconds hold the rest. Other times stay as they are.
 */

const HIGH = 2 ** 32;
/** High halves from here on, and below its negative, stand for seconds beyond 2^53. */
const FAR_HIGH = 2 ** 21;
/** Every multiple of it within 64 bits is exact. */
const STEP_SEC = 2048;
const SECOND_NS = 1_000_000_000;

function isFar(high: number): boolean {
  return high >= FAR_HIGH || high < -FAR_HIGH;
}

/** @param high signed @param low unsigned */
export function secondsOf(high: number, low: number): number {
  return high * HIGH + (isFar(high) ? low - (low % STEP_SEC) : low);
}

export function nanosecondsOf(high: number, low: number, nsec: number): number {
  return isFar(high) ? (low % STEP_SEC) * SECOND_NS + nsec : nsec;
}

/** Writes s64 seconds and s64 nanoseconds. */
export function writeTime(
  buffer: Buffer,
  offset: number,
  { sec, nsec }: { sec: number; nsec: number },
): void {
  const high = Math.floor(sec / HIGH);
  const restSec = isFar(high) ? Math.floor(nsec / SECOND_NS) : 0;
  buffer.writeUInt32LE(sec - high * HIGH + restSec, offset);
  buffer.writeInt32LE(high, offset + 4);
  buffer.writeUInt32LE(nsec - restSec * SECOND_NS, offset + 8);
  buffer.writeUInt32LE(0, offset + 12);
}
