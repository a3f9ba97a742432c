/** Each outcome's exit status; if several apply, the order decides. */
import { describe, expect, test } from 'vitest';
import { exitStatusOf } from '../../../src/report/exit-status.ts';
import * as errors from '../../../src/model/run/errors.ts';
import type { VerdictClass } from '../../../src/model/run/verdict.ts';
import { outcomeOfError } from '../../../src/policy/decide-outcome.ts';
import { reportOf, type ReportParts } from '../../support/reports.ts';

const FAILED = { failed: 1, vanished: 0, changed: 0 };
const VANISHED = { failed: 0, vanished: 1, changed: 0 };
const CHANGED = { failed: 0, vanished: 0, changed: 1 };
const LIMIT_REACHED = { deleteLimitReached: true, tally: { entriesToDelete: 3 } };
const ALL = { failed: 1, vanished: 1, changed: 1 };

function found(...classes: VerdictClass[]): ReportParts {
  return {
    verdictCounts: Object.fromEntries(classes.map((name) => [name, 1])),
  };
}

describe('for a report', () => {
  test.each<[string, ReportParts, number]>([
    ['success', {}, 0],
    ['a mismatch', found('content mismatch'), 40],
    ['metadata', found('metadata differs'), 40],
    ['missing', found('missing'), 40],
    ['extraneous', found('extraneous'), 40],
    ['kind', found('kind differs'), 40],
    ['links', found('links differ'), 40],
    ['a file that could not be read again', found('read error'), 23],
    ['a source in use', found('source changed'), 41],
    ['a source in use, and gone', found('source changed', 'source vanished'), 24],
    ['a mismatch in a source in use', found('source changed', 'content mismatch'), 40],
    ['a failed path', { problemCounts: FAILED }, 23],
    ['a vanished path', { problemCounts: VANISHED }, 24],
    ['a changed path', { problemCounts: CHANGED }, 41],
    ['paths of every class', { problemCounts: ALL }, 23],
    ['the delete limit', LIMIT_REACHED, 25],
    ['the delete limit and a vanished path', { ...LIMIT_REACHED, problemCounts: VANISHED }, 25],
    ['the delete limit and a failed path', { ...LIMIT_REACHED, problemCounts: FAILED }, 23],
    ['a mismatch and a failed path', { ...found('missing'), problemCounts: FAILED }, 40],
    ['interrupted, whatever else', { ...found('missing'), isInterrupted: true, problemCounts: ALL }, 20],
  ])('%s', (_, parts, status) => {
    expect(exitStatusOf(reportOf(parts).outcome)).toBe(status);
  });
});

describe('for an error', () => {
  test.each<[string, unknown, number]>([
    ['UsageError', new errors.UsageError('x'), 1],
    ['LocationError', new errors.LocationError('x'), 3],
    ['FatalError', new errors.FatalError('x'), 11],
    ['Interrupted', new errors.Interrupted('x'), 20],
    ['StoppedAtTime', new errors.StoppedAtTime('x'), 30],
    ['TimedOut', new errors.TimedOut('x'), 30],
    ['DestinationBusy', new errors.DestinationBusy('x'), 75],
    ['a bug', new TypeError('x'), 70],
    ['what is no error', 'x', 70],
  ])('%s', (_, error, status) => {
    expect(exitStatusOf(outcomeOfError(error))).toBe(status);
  });
});
