/** How long a first copy takes, and how much room it needs, where no earlier run tells. */
import type { DestinationSpace, Extent } from '../model/preflight-results.ts';
import { CALLS_PER_MOUNT } from '../model/concurrency.ts';
import type { VerifyMode } from '../model/settings.ts';

/** Of the plan: the metadata, and what surrounds it. */
const PLAN_BYTES_PER_ENTRY = 132;
/** Of the notes that tell a changed source from a wrong copy. */
const NOTE_BYTES_PER_ENTRY = 8;

/** What a run writes to TMPDIR, if each entry is new. */
export function spoolBytesFor({ entries, nameBytes }: Extent): number {
  return entries * (PLAN_BYTES_PER_ENTRY + NOTE_BYTES_PER_ENTRY) + nameBytes;
}

/** Assumed, as nothing was copied yet: see the manual under `--scan`. */
export const ASSUMED = {
  callsPerFile: 10,
  callUsAtLeast: 20,
  bytesPerSec: 100 * 1024 ** 2,
  /** Of a write: https://docs.aws.amazon.com/efs/latest/ug/performance.html. */
  efsLatencyUs: 2700,
} as const;

export interface Pace {
  /** How long the scan took. */
  readonly scanMs: number;
  /** Of one call at the destination. */
  readonly latencyUs: number;
  readonly callsOverlap: boolean;
  readonly verify: VerifyMode;
}

/**
 * A first copy to an empty destination: list the source, make each entry and copy its content, then list and read
 * both sides.
 */
export function estimateFirstCopy(
  { entries, sizeBytes }: Extent,
  { scanMs, latencyUs, callsOverlap, verify }: Pace,
): number {
  const inFlight = callsOverlap ? CALLS_PER_MOUNT : 1;
  const callMs = Math.max(latencyUs, ASSUMED.callUsAtLeast) / 1000;
  const makingMs = (entries * ASSUMED.callsPerFile * callMs) / inFlight;
  const readingMs = (sizeBytes / ASSUMED.bytesPerSec) * 1000;
  const verifyingMs = verify === 'none' ? 0 : 2 * scanMs + readingMs;
  return scanMs + makingMs + readingMs + verifyingMs;
}

/** More than any file system of today has free: EFS says 8 EiB. */
const NO_STATEMENT_BYTES = 2 ** 60;

/** Undefined: what the file system says of its space means nothing. */
export function statedSpace(space: DestinationSpace | undefined): DestinationSpace | undefined {
  return space === undefined || space.availableBytes >= NO_STATEMENT_BYTES ? undefined : space;
}
