/** Errors that end a run, by what the caller must do. One path's failure is a Problem instead. */

interface ErrorDetail {
  code?: string;
  path?: string;
  syscall?: string;
  cause?: unknown;
}

/** Says by itself what is wrong. */
export abstract class SyncError extends Error {
  readonly code: string | undefined;
  readonly path: string | undefined;
  readonly syscall: string | undefined;

  constructor(message: string, detail: ErrorDetail = {}) {
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
export class LocationError extends SyncError {}

/** The run cannot go on, say the disk is full. Exit status 11. */
export class FatalError extends SyncError {}

/** For what holds of the roots: a LocationError while nothing was done, a FatalError afterwards. */
export type LostRoot = typeof LocationError | typeof FatalError;

/** A signal or an abort ended the run. Exit status 20. */
export class Interrupted extends SyncError {}

/** Nothing moved for as long as `--timeout` allows. Exit status 30. */
export class TimedOut extends SyncError {}

/** Another sync of this destination is running. Exit status 75. */
export class DestinationBusy extends SyncError {}
