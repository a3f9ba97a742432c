/** The copy of a large file, and its steps: they share descriptors, so all isolates that serve them are of one process. */
import type { ByteString } from '../../model/byte-string.ts';
import type { ByteRange } from '../../policy/compare/byte-ranges.ts';
import type { HoleKnowledge } from '../../filesystem/copy/copy-part.ts';
import type { Side } from '../../model/task.ts';
import type { Answer } from './findings.ts';
import type { PlannedChange } from '../plan/section.ts';

/** A file that is large enough for all to copy it together. */
export interface LargeCopy {
  readonly directoryPath: ByteString;
  readonly change: PlannedChange;
}

/** One process copies it, with all of its isolates: they share descriptors (`CopyStep`). */
export interface CopyFileUnit {
  readonly unit: 'copyFile';
  readonly file: LargeCopy;
  /** Only one call at a time can write to it. */
  readonly isOneRange: boolean;
}

export interface OpenCopyStep {
  readonly unit: 'openCopy';
  readonly file: LargeCopy;
}

export interface CopyRangeStep {
  readonly unit: 'copyRange';
  readonly file: LargeCopy;
  readonly opened: OpenCopy;
  readonly range: ByteRange;
}

/** Sent when no range is in progress any more. */
export interface FinishCopyStep extends CopiedBytes {
  readonly unit: 'finishCopy';
  readonly file: LargeCopy;
  readonly opened: OpenCopy;
  /** Copied from the start of the file without a gap. */
  readonly wholeBytes: number;
}

export type CopyStep = OpenCopyStep | CopyRangeStep | FinishCopyStep;

export interface OpenCopyResult extends Answer<'openCopy'> {
  readonly opened: OpenCopy | undefined;
}

export interface CopyRangeResult extends Answer<'copyRange'>, CopiedBytes {
  /** Before the end of the range if the source ended there. */
  readonly endBytes: number;
}

export type CopyStepResult = OpenCopyResult | CopyRangeResult | Answer<'finishCopy'>;

/** Descriptors belong to the process: every isolate may use them, and the last unit closes them. */
export interface OpenCopy {
  readonly sourceDirectoryFd: number;
  readonly destinationDirectoryFd: number;
  readonly createdGid: number;
  readonly sourceFd: number;
  readonly destinationFd: number;
  readonly destination: DestinationState;
  /** `--temp-dir`: it is written there. */
  readonly isElsewhere: boolean;
  readonly holes: HoleKnowledge;
  /** The source had just changed. */
  readonly isYoung: boolean;
}

/** The result of copying one range, or all of them. */
export interface CopiedBytes {
  readonly writtenBytes: number;
  /** Counted as transferred for the progress bar. */
  readonly countedBytes: number;
  /** As in `CopiedContent`: only for a file that was copied as one range. */
  readonly growsInOrder: boolean;
  /** Undefined: everything was copied that the source has. */
  readonly failure: CopyFailure | undefined;
}

export type CopyFailure = 'interrupted' | FailedCall;

export interface FailedCall {
  readonly errno: number;
  readonly syscall: string;
  readonly path: ByteString;
  readonly side: Side | undefined;
}

/** State of a destination file while it is written, besides its descriptor. Plain data. */
export interface DestinationState {
  /** Its current name. */
  readonly name: ByteString;
  readonly isTemporary: boolean;
  /** It holds older content, which is overwritten. */
  readonly inPlace: boolean;
  /** Without --preserve=mode: the permissions of the file that it replaces. */
  readonly keptMode: number | undefined;
  /** `--partial`: bytes that an earlier run copied; undefined: it is not kept when interrupted. */
  readonly resumedBytes: number | undefined;
  /** The mode that it was created with; undefined: it existed before. */
  readonly createdMode: number | undefined;
  /** All threads share descriptors: closing one twice could close another file. */
  isOpen: boolean;
}
