/** Records one run while it lasts, and keeps the whole history within its bounds. */
import type { ByteString } from '../model/byte-string.ts';
import { ExecutionFile, executionToText } from './execution-file.ts';
import { pathIn, removeIfThere, TEMPORARY } from '../filesystem/state/state-files.ts';
import {
  closeHistory,
  executionName,
  expiredExecutions,
  modifiedAtMs,
  namesIn,
} from './history-directory.ts';
import { HISTORY, makeStateDirectory } from '../filesystem/state/state-directory.ts';
import type { Execution } from '../model/run/execution.ts';

export interface ExecutionKeeper {
  /** PERF: some 50 µs, rare enough to be made in the calling thread. @throws Error */
  keep(execution: Execution): void;
  /** The run has ended. @throws Error, and then the execution is not in the history */
  finish(execution: Execution): void;
  /** There is nothing to record. @throws Error */
  forget(): void;
}

/**
 * A new state is renamed microseconds after it is begun. If one is this old, its run was killed in between.
 */
const STRAY_AFTER_MS = 3_600_000;

/** Call `finish` or `forget` last. @throws LocationError, Error */
export async function keepExecution(stateDirectory: ByteString, first: Execution): Promise<ExecutionKeeper> {
  const directory = await makeStateDirectory(stateDirectory, HISTORY);
  const file = new ExecutionFile(pathIn(directory, executionName(first, Math.random())));
  try {
    file.write(executionToText(first));
  } catch (error) {
    closeHistory(directory);
    throw error;
  }
  return {
    keep: (execution) => file.write(executionToText(execution)),
    finish(execution) {
      try {
        file.finish(executionToText(execution));
        clearUp(directory);
      } finally {
        closeHistory(directory);
      }
    },
    forget() {
      file.remove();
      closeHistory(directory);
    },
  };
}

function clearUp(directory: number): void {
  const names = namesIn(directory);
  for (const name of expiredExecutions(names)) removeIfThere(pathIn(directory, name));
  for (const name of names.filter((each) => each.endsWith(TEMPORARY))) {
    const path = pathIn(directory, name);
    const atMs = modifiedAtMs(path);
    if (atMs !== undefined && Date.now() - atMs > STRAY_AFTER_MS) removeIfThere(path);
  }
}
