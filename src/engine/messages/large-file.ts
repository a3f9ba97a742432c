/** A large file whose metadata was compared: the units in which all workers compare its content, a range each. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Differences } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import type { ByteRange } from '../../policy/compare/byte-ranges.ts';
import type { Answer, Suspicion } from './findings.ts';
import type { PlanRecords } from '../plan/plan-writer.ts';

export interface LargeFile {
  readonly directoryPath: ByteString;
  readonly name: ByteString;
  readonly source: Entry;
  readonly destination: Entry;
  /** Differences of the metadata. */
  readonly differences: Differences;
  /** Verifying: as in `ComparedEntries`. */
  readonly unjudged: Differences;
  /** Verifying: the source's fingerprint in the plan, as in `VerifyingScope`. */
  readonly preparedState?: number | undefined;
}

/**
 * - `equal`: all bytes are equal
 * - `differs`: some differ
 * - `unread`: a call failed, or the run is stopping
 */
export type RangeContent = 'equal' | 'differs' | 'unread';

/** One range of a file that both sides have. */
export interface CompareRangeUnit {
  readonly unit: 'compareRange';
  readonly directoryPath: ByteString;
  readonly name: ByteString;
  readonly range: ByteRange;
  /** The source's size, as noted. */
  readonly sizeBytes: number;
  readonly blocks: number;
  /** Count the bytes as verified. */
  readonly counts: boolean;
}

export interface CompareRangeResult extends Answer<'compareRange'> {
  readonly content: RangeContent;
  readonly countedBytes: number;
}

/** `--checksum`: comes after all of its ranges were compared, or enough of them. */
export interface PlanFileUnit {
  readonly unit: 'planFile';
  readonly file: LargeFile;
  readonly content: RangeContent;
}

export interface PlanFileResult extends Answer<'planFile'> {
  readonly records: PlanRecords;
}

/** Comes after all ranges of a file were compared, or enough of them. */
export interface ConcludeFileUnit {
  readonly unit: 'concludeFile';
  readonly file: LargeFile;
  readonly content: RangeContent;
  /** Bytes that its ranges have counted as verified. */
  readonly countedBytes: number;
}

export interface ConcludeFileResult extends Answer<'concludeFile'> {
  readonly suspicions: readonly Suspicion[];
}
