/** Keeps the history of one run while it lasts, and the history as a whole within its bounds. */
import { ExecutionFile, TEMPORARY } from '../../filesystem/execution-file.ts';
import {
  closeHistory,
  modifiedAtMs,
  namesIn,
  pathIn,
  removeIfThere,
} from '../../filesystem/history-directory.ts';
import { HISTORY, makeStateDirectory } from '../../filesystem/state-directory.ts';
import type { Execution } from '../../model/execution.ts';
import { executionName, expiredExecutions } from '../../policy/history/execution-name.ts';
import { executionToText } from '../../policy/history/execution-text.ts';

export interface ExecutionKeeper {
  /** Far enough from a run's own calls to be made where they happen: some 50 µs. @throws Error */
  keep(execution: Execution): void;
  /** It has an end. @throws Error; the execution is not in the history, then */
  finish(execution: Execution): void;
  /** There is nothing to remember. @throws Error */
  forget(): void;
}

/** A state takes its name microseconds after it is begun: this one's run was killed between. */
const STRAY_AFTER_MS = 3_600_000;

/** `finish` or `forget` is the last that is asked of it. @throws LocationError, Error */
export async function keepExecution(stateDirectory: string, first: Execution): Promise<ExecutionKeeper> {
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
