/**
 * Files that a run writes beside the sync. One that never could be written is refused before anything is done; one
 * that fails later is told of at once and at the end, and the sync goes on.
 */
import { FatalError, UsageError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import { reasonOf } from './error-reason.ts';

export interface OutputTrouble {
  /** For now. */
  readonly warn: (message: string) => void;
  /** For good: said again at the end, and a run that went well otherwise ends with status 11. */
  readonly lose: (loss: string) => void;
}

/** `option` is its long name, `file` latin1. */
export function lossOf(option: string, file: string, error: unknown): string {
  return `cannot write --${option}=${displayName(file)}: ${reasonOf(error)}`;
}

/** @throws UsageError where `open` fails, before the run */
export function guardOutput<T>(option: string, file: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw new UsageError(lossOf(option, file, cause), { cause });
  }
}

/** @throws FatalError where `write` fails, after the run */
export function finishOutput(option: string, file: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new FatalError(lossOf(option, file, cause), { cause });
  }
}
