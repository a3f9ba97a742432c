/**
 * Converts facts to the objects of `--json` and of JSON reports. The manual's JSON EVENTS is the contract.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { attemptWords, type Problem } from '../../model/run/problem.ts';
import { reportOfError } from '../../model/run/errors.ts';
import type { ListedChange } from '../../model/change.ts';
import type { Check, Example, Obstacle } from '../../model/preflight-results.ts';
import type { Report } from '../../model/run/report.ts';
import type { RunStatistics } from '../../model/run/run-statistics.ts';
import type { Task } from '../../model/task.ts';
import type { Verdict } from '../../model/run/verdict.ts';
import { outcomeOfError } from '../../policy/decide-outcome.ts';
import { absolutePath } from '../../filesystem/operator-files/absolute-path.ts';
import type { RunSubject } from '../text/facts.ts';
import {
  differenceNames,
  type JsonObject,
  nameToJson,
  originToJson,
  provenanceToJson,
  settingsToJson,
} from './json-parts.ts';
import { errorText } from '../text/sentences.ts';
import { exitStatusOf } from '../exit-status.ts';
import { packageVersion } from '../version.ts';
import { displayText } from '../../model/display-name.ts';

export function taskToJson(task: Task): JsonObject {
  const called = task.name === undefined ? {} : nameToJson('task', task.name);
  const [source, destination] = [absolutePath(task.source), absolutePath(task.destination)];
  return { ...called, ...nameToJson('source', source), ...nameToJson('destination', destination) };
}

export function changeToJson({ itemized, path, linkedTo, sizeBytes }: ListedChange): JsonObject {
  const link = linkedTo === undefined ? {} : nameToJson('linkedTo', linkedTo);
  return { itemized, ...nameToJson('path', path), ...link, sizeBytes };
}

export function problemToJson(problem: Problem): JsonObject {
  const { class: problemClass, phase, side, path, attempt, code, reason } = problem;
  const words = { attempt: attemptWords(attempt), code, reason: displayText(reason) };
  return { class: problemClass, phase, side, ...nameToJson('path', path), ...words };
}

export function verdictToJson(verdict: Verdict): JsonObject {
  const { path, differences, detail, ...rest } = verdict;
  return {
    class: rest.class,
    ...nameToJson('path', path),
    differences: differenceNames(differences),
    detail: displayText(detail),
    ...(rest.below && { below: rest.below }),
    ...(rest.sourceDigest === undefined ? {} : { sourceDigest: rest.sourceDigest }),
    ...(rest.destinationDigest === undefined ? {} : { destinationDigest: rest.destinationDigest }),
  };
}

export function reportToJson(report: Report): JsonObject {
  return {
    event: 'report',
    version: packageVersion(),
    command: report.command,
    status: report.outcome.status,
    exitStatus: exitStatusOf(report.outcome),
    coverage: report.coverage,
    ...taskToJson(report.task),
    ...provenanceToJson(report.provenance),
    settings: settingsToJson(report.task.settings),
    startedAt: report.startedAt.toISOString(),
    endedAt: new Date(report.startedAt.getTime() + report.elapsedMs).toISOString(),
    elapsedMs: Math.round(report.elapsedMs),
    phases: report.phases.map(({ phase, elapsedMs }) => ({ phase, elapsedMs: Math.round(elapsedMs) })),
    tally: report.tally,
    problemCounts: report.problemCounts,
    problems: report.problems.map(problemToJson),
    verdictCounts: report.verdictCounts,
    verdicts: report.verdicts.map(verdictToJson),
    ...(report.repairs && {
      repairCounts: report.repairCounts,
      repairs: report.repairs.map(verdictToJson),
    }),
    missingBelow: report.missingBelow,
    deleteLimitReached: report.deleteLimitReached,
    notes: report.notes.map(displayText),
    ...(report.retryList !== undefined && nameToJson('retryList', report.retryList)),
    ...(report.filterRules && {
      filterRules: report.filterRules.map(({ rule, ...told }) => ({ rule: displayText(rule), ...told })),
    }),
    ...(report.changes && { changes: report.changes.map(changeToJson) }),
    ...(report.statistics && { statistics: statisticsToJson(report.statistics) }),
  };
}

function statisticsToJson({ timeSeries, slowestDirectories, fileSizes }: RunStatistics): JsonObject {
  return {
    timeSeries: timeSeries.map(({ startMs, elapsedMs, ...sample }) => ({
      ...sample,
      startMs: Math.round(startMs),
      elapsedMs: Math.round(elapsedMs),
    })),
    slowestDirectories: slowestDirectories.map(({ phase, path, elapsedMs }) => ({
      phase,
      ...nameToJson('path', path),
      elapsedMs: Math.round(elapsedMs),
    })),
    fileSizes,
  };
}

/** In a file, also says which run the error ended. */
export function errorToJson(error: unknown, subject?: RunSubject): JsonObject {
  const report = reportOfError(error);
  const { name, code, path } = error as { name?: string; code?: string; path?: ByteString };
  return {
    event: 'error',
    version: packageVersion(),
    name: name ?? 'Error',
    message: errorText(error),
    ...(code === undefined ? {} : { code }),
    ...(path === undefined ? {} : nameToJson('path', path)),
    exitStatus: exitStatusOf(outcomeOfError(error)),
    ...(subject && subjectToJson(subject)),
    ...(report && { report: reportToJson(report) }),
  };
}

function subjectToJson({ task, command, origin, startedAt }: RunSubject): JsonObject {
  return { command, ...taskToJson(task), ...originToJson(origin), startedAt: startedAt.toISOString() };
}

export function checkToJson({ result, subject, finding, cure, found }: Check): JsonObject {
  const advice = cure === undefined ? {} : { cure: displayText(cure) };
  const remarks =
    found === undefined ? {} : { count: found.count, examples: found.examples.map(exampleToJson) };
  return { event: 'check', result, subject, finding: displayText(finding), ...advice, ...remarks };
}

function exampleToJson({ path, detail }: Example): JsonObject {
  return { ...nameToJson('path', path), detail };
}

export function obstacleToJson({ path, ...rest }: Obstacle): JsonObject {
  return { event: 'obstacle', ...nameToJson('path', path), ...rest };
}
