/** All executions of which the history of a user tells, the latest first. */
import { closeHistory, namesIn, pathIn } from '../../filesystem/history-directory.ts';
import { readExecutionFile, type ExecutionState } from '../../filesystem/read-execution-file.ts';
import { findStateDirectory, HISTORY } from '../../filesystem/state-directory.ts';
import type { FoundExecution } from '../../model/execution.ts';
import { isExecutionName } from '../../policy/history/execution-name.ts';
import { executionFromText } from '../../policy/history/execution-text.ts';

export interface History {
  readonly executions: readonly FoundExecution[];
  /** Files that cannot be understood. */
  readonly unreadable: number;
}

/** Writes nothing, and hinders no run. @throws LocationError */
export async function readHistory(stateDirectory: string): Promise<History> {
  const directory = await findStateDirectory(stateDirectory, HISTORY);
  if (directory === undefined) return { executions: [], unreadable: 0 };
  try {
    const states = namesIn(directory)
      .filter(isExecutionName)
      .map((name) => readExecutionFile(pathIn(directory, name)))
      .filter((state) => state !== undefined);
    const executions = states.map(found).filter((each) => each !== undefined);
    return {
      executions: executions.toSorted((one, other) => startOf(other) - startOf(one)),
      unreadable: states.length - executions.length,
    };
  } finally {
    closeHistory(directory);
  }
}

function startOf({ execution }: FoundExecution): number {
  return execution.startedAtMs;
}

function found({ text, isHeld }: ExecutionState): FoundExecution | undefined {
  const execution = executionFromText(text);
  if (execution === undefined) return undefined;
  if (execution.end !== undefined) return { execution, status: execution.end.status, isRunning: false };
  return { execution, status: isHeld ? execution.stage : 'Interrupted', isRunning: isHeld };
}
