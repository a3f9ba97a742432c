/** Tasks and executions as the objects of `efs-sync status --json`. */
import { displayText } from '../../model/display-name.ts';
import type { Execution, FoundExecution } from '../../model/execution.ts';
import type { Outlook } from '../status/outlook.ts';
import { runningOf, type TaskHistory } from '../status/task-history.ts';
import { nameToJson, type JsonObject } from './to-json.ts';

export function taskHistoryToJson(task: TaskHistory, { forecast, timeLeft }: Outlook): JsonObject {
  return {
    event: 'task',
    ...identityToJson(task.latest.execution),
    status: runningOf(task)?.status ?? 'Available',
    ...(forecast && {
      forecast: {
        elapsedMs: Math.round(forecast.elapsedMs),
        shortestMs: Math.round(forecast.shortestMs),
        longestMs: Math.round(forecast.longestMs),
        runs: forecast.runs,
      },
    }),
    ...(timeLeft && {
      timeLeft: { elapsedMs: Math.round(timeLeft.elapsedMs), unknownPhases: timeLeft.unknown },
    }),
  };
}

export function executionToJson({ execution, status, isRunning }: FoundExecution): JsonObject {
  const { kind, pid, startedAtMs, updatedAtMs, phases, tally, end } = execution;
  return {
    event: 'execution',
    ...identityToJson(execution),
    command: kind,
    status,
    isRunning,
    ...(isRunning && { pid }),
    startedAt: new Date(startedAtMs).toISOString(),
    updatedAt: new Date(updatedAtMs).toISOString(),
    phases: phases.map(({ phase, elapsedMs }) => ({ phase, elapsedMs: Math.round(elapsedMs) })),
    tally,
    ...(end && {
      exitStatus: end.exitStatus,
      elapsedMs: Math.round(end.elapsedMs),
      problems: end.problems,
      differences: end.differences,
    }),
    ...(end?.reason !== undefined && { reason: displayText(end.reason) }),
  };
}

function identityToJson({ name, source, destination }: Execution): JsonObject {
  const called = name === undefined ? {} : nameToJson('task', name);
  return { ...called, ...nameToJson('source', source), ...nameToJson('destination', destination) };
}
