/** The units of work of all phases and their results: what travels between the isolates. */
import type { Findings } from './findings.ts';
import type { PlanRefs } from './plan/plan-writer.ts';
import type { WalkResult, WalkUnit } from './walking/walk.ts';
import type { Suspicion } from './verifying/suspicion.ts';

/** Records of the plan to apply, packed as in `RecordRefs`. */
interface RefsUnit {
  readonly refs: Float64Array;
}

export type ApplyUnit =
  | ({ readonly unit: 'applySections' } & RefsUnit)
  | ({ readonly unit: 'removeNames' } & RefsUnit)
  | ({ readonly unit: 'makeDirectories' } & RefsUnit)
  /** False: the delete limit is reached, extraneous directories stay. */
  | ({ readonly unit: 'finishDirectories'; readonly mayDelete: boolean } & RefsUnit);

export interface VerifyTreeUnit extends WalkUnit {
  readonly unit: 'verify';
  /** Names that only the destination has are differences. */
  readonly judgeExtraneous: boolean;
}

export interface VerifySectionsUnit extends RefsUnit {
  readonly unit: 'verifySections';
}

export type WorkUnit =
  ({ readonly unit: 'prepare' } & WalkUnit) | ApplyUnit | VerifyTreeUnit | VerifySectionsUnit;

/** What ended the whole run, as plain data. */
export interface Fatal {
  readonly message: string;
  readonly code: string;
  readonly path: string;
  readonly syscall: string;
}

interface Answer<Name> {
  readonly unit: Name;
  readonly findings: Findings;
  readonly fatal?: Fatal;
}

export interface PrepareResult extends Answer<'prepare'>, WalkResult {
  readonly refs: PlanRefs;
}

export interface VerifyResult extends Answer<'verify'>, WalkResult {
  readonly suspicions: readonly Suspicion[];
  /** Only `links`: names whose grouping is to be compared. */
  readonly refs: PlanRefs;
}

export interface VerifySectionsResult extends Answer<'verifySections'> {
  readonly suspicions: readonly Suspicion[];
}

export type UnitResult =
  | PrepareResult
  | Answer<'applySections'>
  | Answer<'removeNames'>
  | Answer<'makeDirectories'>
  | Answer<'finishDirectories'>
  | VerifyResult
  | VerifySectionsResult;
