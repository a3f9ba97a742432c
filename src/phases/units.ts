/** The units of work of all phases and their results: what travels between the isolates. */
import type { Obstacle } from '../model/obstacle.ts';
import type { DestinationLimits } from '../policy/destination-limits.ts';
import type { ByteRange } from '../policy/byte-ranges.ts';
import type { Findings } from './findings.ts';
import type { PlanRefs } from './plan/plan-writer.ts';
import type { WalkResult, WalkUnit } from './walking/walk.ts';
import type { CopiedBytes, LargeCopy, OpenCopy } from './syncing/large-copy.ts';
import type { RangeContent } from './walking/range-content.ts';
import type { LargeFile } from './walking/large-file.ts';
import type { Suspicion } from './verifying/suspicion.ts';

/** Records of the plan to apply, packed as in `RecordRefs`. */
interface RefsUnit {
  readonly refs: Float64Array;
  /** Directories that the destination has taken for others: nothing is done in them. */
  readonly taken?: readonly string[];
  /** As device:inode: directories that names of this run lead to, by whatever name they are to be removed. */
  readonly foundThere?: readonly string[];
}

export type ApplyUnit =
  /** `mayReplaceLeader`: names whose leader is not right are given back, to be decided anew. */
  | ({ readonly unit: 'applySections'; readonly mayReplaceLeader: boolean } & RefsUnit)
  | ({ readonly unit: 'removeNames' } & RefsUnit)
  | ({ readonly unit: 'respellNames' } & RefsUnit)
  | ({ readonly unit: 'makeDirectories' } & RefsUnit)
  /** False: the delete limit is reached, extraneous directories stay. */
  | ({ readonly unit: 'finishDirectories'; readonly mayDelete: boolean } & RefsUnit);

/** `--checksum`: its ranges were compared, or enough of them. */
export interface PlanFileUnit {
  readonly unit: 'planFile';
  readonly file: LargeFile;
  readonly content: RangeContent;
}

export interface OpenCopyUnit {
  readonly unit: 'openCopy';
  readonly file: LargeCopy;
}

export interface CopyRangeUnit {
  readonly unit: 'copyRange';
  readonly file: LargeCopy;
  readonly opened: OpenCopy;
  readonly range: ByteRange;
}

/** Comes once no range is under way any more. */
export interface FinishCopyUnit extends CopiedBytes {
  readonly unit: 'finishCopy';
  readonly file: LargeCopy;
  readonly opened: OpenCopy;
  /** From the start of the file, without a gap. */
  readonly wholeBytes: number;
}

export interface VerifyTreeUnit extends WalkUnit {
  readonly unit: 'verify';
  /** Names that only the destination has are differences. */
  readonly judgeExtraneous: boolean;
}

/** The source alone. */
export interface ScanUnit extends WalkUnit {
  readonly unit: 'scan';
  readonly limits: DestinationLimits;
}

export interface VerifySectionsUnit extends RefsUnit {
  readonly unit: 'verifySections';
}

/** One range of a file that both sides have. */
export interface CompareRangeUnit {
  readonly unit: 'compareRange';
  readonly directoryPath: string;
  readonly name: string;
  readonly range: ByteRange;
  /** Of the source, as noted. */
  readonly sizeBytes: number;
  readonly blocks: number;
  /** As verified. */
  readonly counts: boolean;
}

/** All ranges of a file were compared, or enough of them. */
export interface ConcludeFileUnit {
  readonly unit: 'concludeFile';
  readonly file: LargeFile;
  readonly content: RangeContent;
  /** What its ranges have counted as verified. */
  readonly countedBytes: number;
}

export type WorkUnit =
  | ScanUnit
  | ({ readonly unit: 'prepare' } & WalkUnit)
  | PlanFileUnit
  | ApplyUnit
  | OpenCopyUnit
  | CopyRangeUnit
  | FinishCopyUnit
  | VerifyTreeUnit
  | VerifySectionsUnit
  | CompareRangeUnit
  | ConcludeFileUnit;

/** What ended the whole run, as plain data. */
export interface Fatal {
  readonly message: string;
  readonly code: string;
  readonly path: string;
  readonly syscall: string;
  /** Of the roots: a LocationError as long as nothing was changed. */
  readonly isOfRoots: boolean;
}

interface Answer<Name> {
  readonly unit: Name;
  readonly findings: Findings;
  readonly fatal?: Fatal;
}

export interface PrepareResult extends Answer<'prepare'>, WalkResult {
  readonly largeFiles: readonly LargeFile[];
  readonly refs: PlanRefs;
}

export interface PlanFileResult extends Answer<'planFile'> {
  readonly refs: PlanRefs;
}

/** Names that could not be linked: the inode has as many as it may have. */
export interface RefusedLinks {
  /** Only `links`. */
  readonly refs: PlanRefs;
  readonly limit: number;
}

export interface ApplyResult extends Answer<ApplyUnit['unit']> {
  /** Yet to be copied. */
  readonly largeFiles: readonly LargeCopy[];
  readonly refused?: RefusedLinks;
  /** Directories that the destination takes for others. */
  readonly taken: readonly string[];
  /** Directories that were to be made and were there, as device:inode. */
  readonly foundThere: readonly string[];
}

export interface OpenCopyResult extends Answer<'openCopy'> {
  readonly opened: OpenCopy | undefined;
}

export interface CopyRangeResult extends Answer<'copyRange'>, CopiedBytes {
  /** Before the end of the range if the source ended there. */
  readonly endBytes: number;
}

export interface VerifyResult extends Answer<'verify'>, WalkResult {
  readonly suspicions: readonly Suspicion[];
  readonly largeFiles: readonly LargeFile[];
  /** Only `links`: names whose grouping is to be compared. */
  readonly refs: PlanRefs;
}

export interface VerifySectionsResult extends Answer<'verifySections'> {
  readonly suspicions: readonly Suspicion[];
  readonly largeFiles: readonly LargeFile[];
}

export interface CompareRangeResult extends Answer<'compareRange'> {
  readonly content: RangeContent;
  readonly countedBytes: number;
}

export interface ConcludeFileResult extends Answer<'concludeFile'> {
  readonly suspicions: readonly Suspicion[];
}

export interface ScanResult extends Answer<'scan'>, WalkResult {
  /** With the group of hard links it is about, where it is about one. */
  readonly obstacles: readonly (Obstacle & { readonly group?: string })[];
}

export type UnitResult =
  | ScanResult
  | PrepareResult
  | PlanFileResult
  | ApplyResult
  | OpenCopyResult
  | CopyRangeResult
  | Answer<'finishCopy'>
  | VerifyResult
  | VerifySectionsResult
  | CompareRangeResult
  | ConcludeFileResult;
