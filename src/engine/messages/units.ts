/** Units of work of all phases and their results: plain data, which another process could serve. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Differences } from '../../model/change.ts';
import type { Explanation } from '../../model/run/explanation.ts';
import type { Extent, Obstacle, RemarkKind, Remarks } from '../../model/preflight-results.ts';
import type { DestinationLimits } from '../../model/file-system.ts';
import type { LeftKeys } from './left-names.ts';
import type { UnsettledFile, Answer, Suspicion } from './findings.ts';
import type { PackedRecords } from '../plan/plan-spool.ts';
import type { PlanRecords } from '../plan/plan-writer.ts';
import type { Chunks } from '../plan/record-bytes.ts';
import type { RuleMatch } from '../../policy/filter/rule-matches.ts';
import type { WalkResult, WalkUnit } from './walk.ts';
import type {
  LargeFile,
  PlanFileUnit,
  CompareRangeUnit,
  ConcludeFileUnit,
  PlanFileResult,
  CompareRangeResult,
  ConcludeFileResult,
} from './large-file.ts';
import type { MissingBelow } from '../../model/run/verdict.ts';
import type { LargeCopy, CopyFileUnit } from './copy-steps.ts';

/** Records of the plan to apply. */
interface RecordsUnit extends PackedRecords {
  /** Directories whose names the destination treats as another directory's: nothing is done in them. */
  readonly taken?: readonly string[];
  /** As device:inode: directories that this run's names lead to. They must not be removed under any name. */
  readonly foundThere?: readonly string[];
}

export type ApplyUnit =
  | ({
      readonly unit: 'applySections';
      /** Names whose leader is wrong are returned, to get a new decision. */
      readonly mayReplaceLeader: boolean;
      /** In the whole run. */
      readonly filesToTransfer: number;
    } & RecordsUnit)
  | ({ readonly unit: 'removeNames' } & RecordsUnit)
  /** Of sections that were applied with `--delay-updates`. */
  | ({ readonly unit: 'placeFiles' } & RecordsUnit)
  | ({ readonly unit: 'respellNames' } & RecordsUnit)
  | ({ readonly unit: 'makeDirectories' } & RecordsUnit)
  /** False: the delete limit is reached, so extraneous directories stay. */
  | ({ readonly unit: 'finishDirectories'; readonly mayDelete: boolean } & RecordsUnit);

/** Source files that had just changed when they were copied. */
export interface LookAgainUnit {
  readonly unit: 'lookAgain';
  readonly files: readonly UnsettledFile[];
}

export interface VerifyTreeUnit extends WalkUnit {
  readonly unit: 'verify';
  /** True: names that only the destination has are differences. */
  readonly judgeExtraneous: boolean;
  readonly left: LeftKeys | undefined;
}

/** Walks the source alone. */
export interface ScanUnit extends WalkUnit {
  readonly unit: 'scan';
  readonly limits: DestinationLimits;
  /** As device:inode: files that somebody has locked for writing. */
  readonly locked: readonly string[];
}

/** Paths below the roots: what would be done about them, and why. */
export interface ExplainUnit {
  readonly unit: 'explain';
  readonly paths: readonly ByteString[];
}

export interface VerifySectionsUnit extends RecordsUnit {
  readonly unit: 'verifySections';
  readonly left: LeftKeys;
}

/** `--track-renames`: pairs of files that may be one that was moved. */
export interface ExamineMovesUnit extends PackedRecords {
  readonly unit: 'examineMoves';
}

export type WorkUnit =
  | ScanUnit
  | ExplainUnit
  | ({ readonly unit: 'prepare' } & WalkUnit)
  | PlanFileUnit
  | ExamineMovesUnit
  | ApplyUnit
  | CopyFileUnit
  | LookAgainUnit
  | VerifyTreeUnit
  | VerifySectionsUnit
  | CompareRangeUnit
  | ConcludeFileUnit;

export interface PrepareResult extends Answer<'prepare'>, WalkResult {
  readonly largeFiles: readonly LargeFile[];
  readonly records: PlanRecords;
}

export interface ExamineMovesResult extends Answer<'examineMoves'> {
  /** The pairs that are one file. */
  readonly fits: readonly number[];
  /** For each of those: what differs besides its name. */
  readonly differences: readonly Differences[];
}

/** Names that could not be linked: the inode has the maximum number of names. */
export interface RefusedLinks {
  /** Only the part `links`. */
  readonly records: PlanRecords;
  readonly limit: number;
}

export interface ApplyResult extends Answer<ApplyUnit['unit']> {
  /** Still to be copied. */
  readonly largeFiles: readonly LargeCopy[];
  readonly refused?: RefusedLinks;
  /** Directories whose names the destination treats as another directory's. */
  readonly taken: readonly string[];
  /** Directories that were to be made but existed already, as device:inode. */
  readonly foundThere: readonly string[];
}

export interface VerifyResult extends Answer<'verify'>, WalkResult {
  readonly suspicions: readonly Suspicion[];
  readonly largeFiles: readonly LargeFile[];
  readonly missingBelow: MissingBelow;
  /** Only the part `links`: names whose grouping is still to be compared. */
  readonly records: PlanRecords;
}

export interface VerifySectionsResult extends Answer<'verifySections'> {
  readonly suspicions: readonly Suspicion[];
  readonly largeFiles: readonly LargeFile[];
}

export interface ScanResult extends Answer<'scan'>, WalkResult {
  /** `group`: the group of hard links that the obstacle is about, if any. */
  readonly obstacles: readonly (Obstacle & { readonly group?: string })[];
  readonly extent: Extent;
  readonly remarks: Readonly<Partial<Record<RemarkKind, Remarks>>>;
}

export interface ExplainResult extends Answer<'explain'> {
  readonly explanations: readonly Explanation[];
}

export type UnitResult =
  | ScanResult
  | ExplainResult
  | PrepareResult
  | PlanFileResult
  | ExamineMovesResult
  | ApplyResult
  | Answer<'copyFile'>
  | Answer<'lookAgain'>
  | VerifyResult
  | VerifySectionsResult
  | CompareRangeResult
  | ConcludeFileResult;

/** What who serves a unit answers. */
export interface Served<Result> {
  readonly result: Result;
  readonly gains: Gains;
}

export type ServedUnit = Served<UnitResult>;

/** What each unit brings besides its result. Who hands out units counts it once, with the result. */
export interface Gains {
  /** By the order of `COUNTER_NAMES`. */
  readonly counts: Float64Array;
  /** As in `FileSizes`; undefined: nobody wants to know. */
  readonly fileSizes: Float64Array | undefined;
  /** Records of `Fingerprints`. */
  readonly fingerprints: Chunks;
  /** Records of what was verified. */
  readonly verified: Chunks;
  /** Since the last unit; undefined: nobody wants to know. */
  readonly ruleMatches?: readonly RuleMatch[] | undefined;
}
