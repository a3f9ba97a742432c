/** Tasks and executions as the objects of `efs-sync status --json`. */
import { nameToJson, type JsonObject } from '../json/json-parts.ts';
import { displayText } from '../../model/display-name.ts';
import type { Execution, FoundExecution } from '../../model/run/execution.ts';
import type { Outlook } from './outlook.ts';
import { runningOf, type TaskHistory } from '../../history/task-history.ts';

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
  const { kind, host, pid, startedAtMs, updatedAtMs, phases, tally, end } = execution;
  return {
    event: 'execution',
    ...identityToJson(execution),
    command: kind,
    status,
    isRunning,
    ...(host !== undefined && { host: displayText(host) }),
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
      ...(end.repaired !== undefined && { repaired: end.repaired }),
      ...(end.coverage && { coverage: end.coverage }),
    }),
    ...(end?.reason !== undefined && { reason: displayText(end.reason) }),
  };
}

function identityToJson({ name, source, destination }: Execution): JsonObject {
  const called = name === undefined ? {} : nameToJson('task', name);
  return { ...called, ...nameToJson('source', source), ...nameToJson('destination', destination) };
}
