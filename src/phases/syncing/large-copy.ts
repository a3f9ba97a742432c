/** A large file that all workers copy: one opens it, all copy ranges, one moves it into place. Plain data. */
import type { HoleKnowledge } from '../../filesystem/copy-part.ts';
import type { PlannedChange } from '../plan/section.ts';
import type { DestinationState } from './destination-state.ts';

export interface LargeCopy {
  readonly directoryPath: string;
  readonly change: PlannedChange;
}

/** Descriptors are those of the process: every isolate may use them, and the last unit closes them. */
export interface OpenCopy {
  readonly sourceDirectoryFd: number;
  readonly destinationDirectoryFd: number;
  readonly createdGid: number;
  readonly sourceFd: number;
  readonly destinationFd: number;
  readonly destination: DestinationState;
  readonly holes: HoleKnowledge;
}

/** How a range, or all of them, went. */
export interface CopiedBytes {
  readonly writtenBytes: number;
  /** As transferred, for the progress bar. */
  readonly countedBytes: number;
  /** As in `CopiedContent`: only of a file that was copied as one range. */
  readonly growsInOrder: boolean;
  /** Undefined: all was copied that the source has. */
  readonly failure: CopyFailure | undefined;
}

export type CopyFailure = 'interrupted' | FailedCall;

export interface FailedCall {
  readonly errno: number;
  readonly syscall: string;
  readonly path: string;
}
