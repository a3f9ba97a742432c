/** The outcome of a run: if several apply, the first in the order wins, and its paths are counted. */
import type { InterruptionReason } from '../../../src/model/run/outcome.ts';
import { describe, expect, it } from 'vitest';
import * as errors from '../../../src/model/run/errors.ts';
import type { VerdictClass } from '../../../src/model/run/verdict.ts';
import { outcomeOfError, outcomeOfRun } from '../../../src/policy/decide-outcome.ts';
import { tallyOf } from '../../support/reports.ts';

type Found = Parameters<typeof outcomeOfRun>[0];

const NOTHING: Found = {
  tally: tallyOf({ entriesToDelete: 5 }),
  problemCounts: { failed: 0, vanished: 0, changed: 0 },
  verdictCounts: {},
  deleteLimitReached: false,
};
const MISMATCHES: readonly VerdictClass[] = [
  'content mismatch',
  'metadata differs',
  'missing',
  'extraneous',
  'kind differs',
  'links differ',
  'name taken',
];

function outcome(found: Partial<Found>, interruption?: InterruptionReason): object {
  return outcomeOfRun({ ...NOTHING, ...found }, interruption);
}

describe('a run', () => {
  it('without problems is a success', () => {
    expect(outcome({})).toEqual({ status: 'Success' });
  });

  it.each(MISMATCHES)('with a verdict "%s" is a verification failure', (name) => {
    const paths = { 'source changed': 9, 'read error': 9, [name]: 2 };
    expect(outcome({ verdictCounts: paths })).toEqual({ status: 'Verification failure', paths: 2 });
  });

  it('counts mismatches of all classes', () => {
    const verdictCounts = Object.fromEntries(MISMATCHES.map((name) => [name, 1]));
    expect(outcome({ verdictCounts })).toEqual({ status: 'Verification failure', paths: MISMATCHES.length });
  });

  it.each([
    ['failed', { problemCounts: { failed: 2, vanished: 7, changed: 9 } }, 2],
    ['failed', { verdictCounts: { 'read error': 3, 'source vanished': 7 }, deleteLimitReached: true }, 3],
    [
      'failed',
      { problemCounts: { failed: 2, vanished: 0, changed: 0 }, verdictCounts: { 'read error': 3 } },
      5,
    ],
    ['delete limit', { deleteLimitReached: true, problemCounts: { failed: 0, vanished: 7, changed: 9 } }, 5],
    ['vanished', { problemCounts: { failed: 0, vanished: 2, changed: 9 } }, 2],
    [
      'vanished',
      { problemCounts: { failed: 0, vanished: 2, changed: 9 }, verdictCounts: { 'source vanished': 3 } },
      5,
    ],
    ['changed', { problemCounts: { failed: 0, vanished: 0, changed: 2 } }, 2],
    [
      'changed',
      { problemCounts: { failed: 0, vanished: 0, changed: 2 }, verdictCounts: { 'source changed': 3 } },
      5,
    ],
  ] as const)('is incomplete: %s', (reason, found, paths) => {
    expect(outcome(found)).toEqual({ status: 'Incomplete', reason, paths });
  });

  it('that was interrupted is “Interrupted”, whatever it found', () => {
    const found = { verdictCounts: { missing: 1 }, problemCounts: { failed: 1, vanished: 1, changed: 1 } };
    expect(outcome(found, 'signal')).toEqual({ status: 'Interrupted', reason: 'signal' });
    expect(outcome(found, 'time limit')).toEqual({ status: 'Interrupted', reason: 'time limit' });
  });
});

describe('an error', () => {
  it.each([
    [new errors.UsageError('x'), 'usage'],
    [new errors.LocationError('x'), 'location'],
    [new errors.FatalError('x'), 'fatal'],
    [new errors.TimedOut('x'), 'timed out'],
    [new errors.DestinationBusy('x'), 'busy'],
    [new TypeError('x'), 'bug'],
    ['no error at all', 'bug'],
  ])('%s', (error, reason) => {
    expect(outcomeOfError(error)).toEqual({ status: 'Error', reason });
  });

  it('that is an interruption is not an error', () => {
    expect(outcomeOfError(new errors.Interrupted('x'))).toEqual({ status: 'Interrupted', reason: 'signal' });
    expect(outcomeOfError(new errors.StoppedAtTime('x'))).toEqual({
      status: 'Interrupted',
      reason: 'time limit',
    });
  });
});
