/**
 * Files that a run writes besides the sync. A file that cannot be written from the start is refused before
 * anything is done. A later failure is reported at once and at the end, and the sync goes on. None of these
 * files can delay the run.
 */
import type { ByteString } from '../model/byte-string.ts';
import { SyncError, UsageError } from '../model/run/errors.ts';
import { displayName } from '../model/display-name.ts';
import { reasonOf } from './error-reason.ts';
import { GRACE_MS, within, type Patience } from '../flow/patience.ts';

export interface OutputTrouble {
  /** For a temporary problem. */
  readonly warn: (message: string) => void;
  /**
   * For a permanent loss: it is repeated at the end, and an otherwise successful run exits with status 11.
   */
  readonly lose: (loss: string) => void;
  readonly patience: Patience;
}

function shownOutput(option: string, file: ByteString): string {
  return `--${option}=${displayName(file)}`;
}

/** `option` is the option's long name, `file` is latin1. */
export function lossOf(option: string, file: ByteString, error: unknown): string {
  return `cannot write ${shownOutput(option, file)}: ${reasonOf(error)}`;
}

/** @throws UsageError if `open` fails, before the run; Interrupted, TimedOut */
export async function guardOutput<T>(
  option: string,
  file: ByteString,
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

/** Waits for an output no longer than the user's patience allows. @throws Interrupted, TimedOut */
export async function settleOutput(
  option: string,
  file: ByteString,
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

/** Works on one file piece by piece, while the run goes on. */
export class SerialWork {
  readonly #onFailure: (error: unknown) => void | Promise<void>;
  #done = Promise.resolve();

  /** @param onFailure called if a piece fails; the next one begins all the same */
  constructor(onFailure: (error: unknown) => void | Promise<void>) {
    this.#onFailure = onFailure;
  }

  next(piece: () => Promise<void>): void {
    this.#done = this.#done.then(piece).catch(this.#onFailure);
  }

  /** Settles after all work so far; never rejects. */
  get done(): Promise<void> {
    return this.#done;
  }
}
