/** Errors that end a run, classed by what the caller must do. A failure of one path is a Problem instead. */
import type { ByteString, Shown } from '../byte-string.ts';
import type { Side } from '../task.ts';
import type { Report } from './report.ts';

interface ErrorDetail {
  code?: string;
  path?: ByteString;
  syscall?: string;
  cause?: unknown;
}

/** Its message is complete without a prefix. */
export abstract class SyncError extends Error {
  readonly code: string | undefined;
  readonly path: ByteString | undefined;
  readonly syscall: string | undefined;

  constructor(message: Shown, detail: ErrorDetail = {}) {
    super(message, 'cause' in detail ? { cause: detail.cause } : {});
    this.name = new.target.name;
    this.code = detail.code;
    this.path = detail.path;
    this.syscall = detail.syscall;
  }
}

/** The command line or task is wrong: nothing was touched. Exit status 1. */
export class UsageError extends SyncError {}

/** A root cannot be used, or the platform cannot run the tool: nothing was touched. Exit status 3. */
export class LocationError extends SyncError {
  /** Which root could not be opened, if that is the reason. */
  readonly side: Side | undefined;

  constructor(message: Shown, detail: ErrorDetail & { side?: Side | undefined } = {}) {
    super(message, detail);
    this.side = detail.side;
  }
}

/** The run cannot go on, for example because the disk is full. Exit status 11. */
export class FatalError extends SyncError {
  /** The work and findings so far, if the run had begun. */
  report: Report | undefined;
}

/** The report inside an error that ended a run midway. */
export function reportOfError(error: unknown): Report | undefined {
  return error instanceof FatalError ? error.report : undefined;
}

/** Error class for a lost root: LocationError before any change was made, FatalError afterwards. */
export type LostRoot = typeof LocationError | typeof FatalError;

/** A signal or an abort ended the run. Exit status 20. */
export class Interrupted extends SyncError {}

/** `--stop-after` or `--stop-at` ended the run. Exit status 30. */
export class StoppedAtTime extends Interrupted {}

/** Nothing moved for as long as `--timeout` allows. Exit status 30. */
export class TimedOut extends SyncError {}

/** Another sync of this destination is running. Exit status 75. */
export class DestinationBusy extends SyncError {}

/**
 * Who holds a destination's lock, as that process noted it: only for people to read; no decision depends on
 * it.
 */
export interface LockHolder {
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
}
