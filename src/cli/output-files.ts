/**
 * Files that a run writes beside the sync. One that never could be written is refused before anything is done; one
 * that fails later is told of at once and at the end, and the sync goes on. None of them can hold up the run.
 */
import { SyncError, UsageError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import { reasonOf } from './error-reason.ts';
import { GRACE_MS, within, type Patience } from './patience.ts';

export interface OutputTrouble {
  /** For now. */
  readonly warn: (message: string) => void;
  /** For good: said again at the end, and a run that went well otherwise ends with status 11. */
  readonly lose: (loss: string) => void;
  readonly patience: Patience;
}

function shownOutput(option: string, file: string): string {
  return `--${option}=${displayName(file)}`;
}

/** `option` is its long name, `file` latin1. */
export function lossOf(option: string, file: string, error: unknown): string {
  return `cannot write ${shownOutput(option, file)}: ${reasonOf(error)}`;
}

/** @throws UsageError where `open` fails, before the run; Interrupted, TimedOut */
export async function guardOutput<T>(
  option: string,
  file: string,
  { patience }: Pick<OutputTrouble, 'patience'>,
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await within(patience, shownOutput(option, file), open());
  } catch (cause) {
    if (cause instanceof SyncError) throw cause;
    throw new UsageError(lossOf(option, file, cause), { cause });
  }
}

/** What is written to it is waited for no longer than the user is ready to. @throws Interrupted, TimedOut */
export async function settleOutput(
  option: string,
  file: string,
  { patience, lose }: Pick<OutputTrouble, 'patience' | 'lose'>,
  written: Promise<void>,
): Promise<void> {
  try {
    await within(patience, shownOutput(option, file), written, GRACE_MS);
  } catch (error) {
    lose(lossOf(option, file, error));
    throw error;
  }
}
