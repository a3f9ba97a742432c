/** `--json`: one object per line on standard output for each event; the last is the report or the error. */
import { jsonText, nameToJson, provenanceToJson, type JsonObject } from '../json/json-parts.ts';
import type { Provenance } from '../../model/run/provenance.ts';
import type { Tally } from '../../model/tally.ts';
import type { Phase, Task } from '../../model/task.ts';
import {
  changeToJson,
  checkToJson,
  errorToJson,
  problemToJson,
  reportToJson,
  taskToJson,
  verdictToJson,
} from '../json/to-json.ts';
import { displayText } from '../../model/display-name.ts';
import type { Screen } from '../screen.ts';
import { packageVersion } from '../version.ts';
import type { PartialReporter } from './command-reporter.ts';

const PROGRESS_EVERY_MS = 1000;

export function createJsonReporter(screen: Screen, command: 'sync' | 'verify'): PartialReporter {
  let phase: Phase = 'preparing';
  let nextProgressMs = 0;
  const print = (event: string, object: JsonObject): void =>
    screen.out(`${jsonText({ event, ...object })}\n`);
  const printProgress = (tally: Tally): void => {
    const nowMs = performance.now();
    if (nowMs < nextProgressMs) return;
    nextProgressMs = nowMs + PROGRESS_EVERY_MS;
    print('progress', { phase, tally });
  };
  return {
    started: (task, provenance) => print('start', startOf(task, command, provenance)),
    waiting: (destination, holder) =>
      print('waiting', { ...nameToJson('destination', destination), ...holder }),
    phaseStarted(started) {
      phase = started;
      print('phase', { phase, state: 'started' });
    },
    progressed: printProgress,
    phaseEnded: (ended, elapsedMs) =>
      print('phase', { phase: ended, state: 'ended', elapsedMs: Math.round(elapsedMs) }),
    changed: (change) => print('change', changeToJson(change)),
    skipped: (path) => print('skipped', nameToJson('path', path)),
    advised: (check) => screen.out(`${jsonText(checkToJson(check))}\n`),
    linksSplit: ({ path, ...counts }) => print('split', { ...nameToJson('path', path), ...counts }),
    limitsChanged: ({ bandwidthBytesPerSec, operationsPerSec }) =>
      print('limits', { bandwidthBytesPerSec, operationsPerSec }),
    warned: (message) => print('warning', { message: displayText(message) }),
    problem: (problem) => print('problem', problemToJson(problem)),
    verdict: (verdict) => print('verdict', verdictToJson(verdict)),
    repaired: (verdict) => print('repaired', verdictToJson(verdict)),
    finished: (report) => print('report', reportToJson(report)),
    failed: (error) => print('error', errorToJson(error)),
  };
}

function startOf(task: Task, command: 'sync' | 'verify', provenance: Provenance): JsonObject {
  const startedAt = new Date().toISOString();
  const dryRun = task.settings.dryRun;
  return {
    version: packageVersion(),
    command,
    ...taskToJson(task),
    ...provenanceToJson(provenance),
    dryRun,
    startedAt,
  };
}
