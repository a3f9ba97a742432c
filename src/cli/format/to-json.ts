/** Facts as the objects of `--json` and of JSON reports: the contract of the manual's JSON EVENTS. */
import { Difference, type Differences, type ListedChange } from '../../model/change.ts';
import type { Check } from '../../model/check.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import type { Problem } from '../../model/problem.ts';
import type { Report } from '../../model/report.ts';
import type { RunStatistics } from '../../model/run-statistics.ts';
import type { Task } from '../../model/task.ts';
import type { Verdict } from '../../model/verdict.ts';
import { outcomeOfError } from '../../policy/outcome.ts';
import { errorText } from './sentences.ts';
import { exitStatusOf } from '../exit-status.ts';
import { packageVersion } from '../version.ts';
import { decodeName, displayText } from '../../model/display-name.ts';

export type JsonObject = Record<string, unknown>;

/** What JSON lets stand, and a terminal would act upon or not show. */
const HIDDEN = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The same value as JSON.stringify gives, with nothing in it that a terminal would act upon. */
export function jsonText(object: JsonObject, indent?: number): string {
  return JSON.stringify(object, undefined, indent).replace(HIDDEN, escapeUnits);
}

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** `key` as text, and `keyBase64` exactly where the bytes are not valid UTF-8. */
export function nameToJson(key: string, name: string): JsonObject {
  const { text, exact } = decodeName(name);
  if (exact) return { [key]: text };
  return { [key]: text, [`${key}Base64`]: Buffer.from(name, 'latin1').toString('base64') };
}

export function taskToJson(task: Task): JsonObject {
  const called = task.name === undefined ? {} : nameToJson('task', task.name);
  return { ...called, ...nameToJson('source', task.source), ...nameToJson('destination', task.destination) };
}

export function changeToJson({ itemized, path, linkedTo, sizeBytes }: ListedChange): JsonObject {
  const link = linkedTo === undefined ? {} : nameToJson('linkedTo', linkedTo);
  return { itemized, ...nameToJson('path', path), ...link, sizeBytes };
}

export function problemToJson(problem: Problem): JsonObject {
  const { class: problemClass, phase, side, path, attempt, code, reason } = problem;
  const words = { attempt: displayText(attempt), code, reason: displayText(reason) };
  return { class: problemClass, phase, side, ...nameToJson('path', path), ...words };
}

export function verdictToJson(verdict: Verdict): JsonObject {
  const { path, differences, detail, ...rest } = verdict;
  return {
    class: rest.class,
    ...nameToJson('path', path),
    differences: differenceNames(differences),
    detail: displayText(detail),
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
    ...taskToJson(report.task),
    startedAt: report.startedAt.toISOString(),
    elapsedMs: Math.round(report.elapsedMs),
    phases: report.phases.map(({ phase, elapsedMs }) => ({ phase, elapsedMs: Math.round(elapsedMs) })),
    tally: report.tally,
    problemCounts: report.problemCounts,
    problems: report.problems.map(problemToJson),
    verdictCounts: report.verdictCounts,
    verdicts: report.verdicts.map(verdictToJson),
    deleteLimitReached: report.deleteLimitReached,
    notes: report.notes.map(displayText),
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

export function errorToJson(error: unknown): JsonObject {
  const { name, code, path } = error as { name?: string; code?: string; path?: string };
  return {
    event: 'error',
    version: packageVersion(),
    name: name ?? 'Error',
    message: errorText(error),
    ...(code === undefined ? {} : { code }),
    ...(path === undefined ? {} : nameToJson('path', path)),
    exitStatus: exitStatusOf(outcomeOfError(error)),
  };
}

export function checkToJson({ result, subject, finding, cure }: Check): JsonObject {
  const advice = cure === undefined ? {} : { cure: displayText(cure) };
  return { event: 'check', result, subject, finding: displayText(finding), ...advice };
}

export function obstacleToJson({ path, ...rest }: Obstacle): JsonObject {
  return { event: 'obstacle', ...nameToJson('path', path), ...rest };
}

function differenceNames(differences: Differences): string[] {
  return Object.entries(Difference).flatMap(([name, bit]) => ((differences & bit) === 0 ? [] : [name]));
}
