/** Advice fits its reader: it depends on the command, the side, and kinds of errors, not on their wording. */
import { describe, expect, test } from 'vitest';
import { adviceOnProblem } from '../../../../src/report/text/advice.ts';
import { adviceOnVerdict, cureOfVerdict } from '../../../../src/report/text/verdict-advice.ts';
import { VERDICT_CLASSES } from '../../../../src/model/run/verdict.ts';
import type { Problem } from '../../../../src/model/run/problem.ts';
import { PROBLEM } from '../../../support/reports.ts';

function problem(facts: Partial<Problem>): Problem {
  return { ...PROBLEM, ...facts };
}

describe('after verify, which writes nothing', () => {
  test.each(VERDICT_CLASSES)('%s: no advice says to repeat the same command', (name) => {
    const again = /Run it again|run again|the copy succeeded|something else deletes/;
    expect(adviceOnVerdict(name, 'verify')).not.toMatch(again);
    expect(cureOfVerdict(name, { command: 'verify' })).not.toMatch(again);
  });

  test.each([
    'content mismatch',
    'metadata differs',
    'missing',
    'extraneous',
    'kind differs',
    'links differ',
  ] as const)('%s: the advice is to sync', (name) => {
    expect(adviceOnVerdict(name, 'verify')).toMatch(/\bsync\b/i);
    expect(cureOfVerdict(name, { command: 'verify' })).toMatch(/^sync /);
  });

  test('different content needs --checksum, extraneous entries --delete', () => {
    expect(adviceOnVerdict('content mismatch', 'verify')).toContain('--checksum');
    expect(adviceOnVerdict('extraneous', 'verify')).toContain('--delete');
  });
});

test('after a sync, the advice for differences is to sync again', () => {
  expect(adviceOnVerdict('missing', 'sync')).toMatch(/^Run it again/);
});

describe('for a problem', () => {
  test('a limit is reported only for the destination', () => {
    const code = 'EINVAL';
    expect(adviceOnProblem(problem({ side: 'destination', code }))).toContain('cannot store it');
    expect(adviceOnProblem(problem({ side: 'source', code }))).not.toContain('cannot store it');
  });

  test('EDQUOT on EFS is no quota', () => {
    expect(adviceOnProblem(problem({ code: 'EDQUOT' }))).toMatch(/^On EFS: .*--concurrency/);
  });

  test('a missing listed path: check the list', () => {
    expect(adviceOnProblem(problem({ attempt: 'find', code: 'ENOENT' }))).toContain('--files-from');
  });

  test('an unknown code: check the path', () => {
    expect(adviceOnProblem(problem({ code: 'EDOM' }))).toMatch(/^Check the path yourself/);
  });

  test.each(['vanished', 'changed'] as const)('%s, whatever the code', (problemClass) => {
    const plain = adviceOnProblem(problem({ class: problemClass, code: '' }));
    expect(adviceOnProblem(problem({ class: problemClass, code: 'EACCES' }))).toBe(plain);
  });
});
