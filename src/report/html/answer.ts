/** The answer to "is everything there?": a sentence, its certainty, and its exceptions. */
import { displayText } from '../../model/display-name.ts';
import type { IncompleteReason, Scope, Status } from '../../model/run/outcome.ts';
import type { Report } from '../../model/run/report.ts';
import { capitalized, counted, totalOf } from '../text/quantities.ts';
import { headlineOf } from '../text/headline.ts';
import { leftOutParts, uncomparedText } from '../text/left-out.ts';

export interface Answer {
  /** `plan`: a dry run, so nothing was done. */
  readonly tone: 'yes' | 'no' | 'unsure' | 'plan';
  readonly headline: string;
  readonly explanation: string;
}

export function answerOf(report: Report): Answer {
  const { outcome } = report;
  return outcome.status === 'Incomplete'
    ? INCOMPLETE[outcome.reason](report, outcome.paths)
    : ANSWERS[outcome.status](report);
}

const ANSWERS: Readonly<Record<Exclude<Status, 'Incomplete'>, (report: Report) => Answer>> = {
  Success: answerOfSuccess,
  'Verification failure': (report) =>
    no(`No: ${differing(report)}`, `${headlineOf(report)}. See below for what to do.`),
  Error: (report) => answerOfError(headlineOf(report)),
  Interrupted: ({ outcome }) => {
    const isAtLimit = outcome.status === 'Interrupted' && outcome.reason === 'time limit';
    const headline = isAtLimit ? 'No: the run stopped at its time limit' : 'No: the run was interrupted';
    return no(headline, 'Everything copied so far was kept. Run it again to finish the rest.');
  },
};

const INCOMPLETE: Readonly<Record<IncompleteReason, (report: Report, paths: number) => Answer>> = {
  failed: (report, paths) =>
    no(
      `No: ${counted(paths, 'path could not be handled', 'paths could not be handled')}`,
      `${headlineOf(report)}. See below for what to do.`,
    ),
  'delete limit': (report) =>
    unsure('Everything was copied, but nothing was deleted', `${headlineOf(report)}.`),
  vanished: (report) => unsure('Not certain: source entries vanished during the run', liveSource(report)),
  changed: (report) => unsure('Not certain: the source changed during the run', liveSource(report)),
};

export function answerOfError(message: string): Answer {
  return no('No: the run ended with an error', message);
}

/** Everything that the answer does not cover. */
export function exceptionsTo(report: Report): string[] {
  const { task, command, coverage } = report;
  const { settings } = task;
  const isCompared = coverage.content !== 'none';
  const exceptions = [
    ...leftOutParts(coverage, settings).map((part) => `Left out: ${part}.`),
    isCompared && coverage.uncompared.length > 0 && `Not compared: ${uncomparedText(coverage)}.`,
    command !== 'prepare' &&
      !settings.delete &&
      'Files that exist only at the destination were kept (no --delete).',
  ];
  return [...exceptions.filter((one) => one !== false), ...report.notes.map(asSentence)];
}

function answerOfSuccess(report: Report): Answer {
  const { tally, command, coverage } = report;
  if (command === 'prepare')
    return plan(headlineOf(report), 'A dry run compares both sides and copies nothing.');
  if (coverage.content === 'none') {
    return unsure(
      'Copied without errors, but not verified',
      'Verification was turned off (--verify=none). Run “efs-sync verify” to compare both sides.',
    );
  }
  const compared = `Verification compared ${entries(tally.entriesVerified)} on both sides, and the content of ${counted(tally.filesVerified, 'file')} byte by byte. ${foundWords(report)}`;
  if (coverage.content === 'transferred') return answerOfTransferred(coverage.scope, compared);
  return command === 'verify'
    ? answerOfVerify(coverage.scope, compared)
    : answerOfSync(coverage.scope, compared);
}

function answerOfTransferred(scope: Scope, compared: string): Answer {
  const others = 'Files that were already there were not read again (--verify=transferred).';
  return scope === 'nothing'
    ? unsure('Nothing was transferred, and nothing was verified', others)
    : yes('Yes: everything transferred is there', `${compared} ${others}`);
}

function answerOfVerify(scope: Scope, compared: string): Answer {
  if (scope === 'nothing') return noFile(compared);
  if (scope === 'everything') return yes('Yes: source and destination match', compared);
  return yes('Yes: everything you asked for matches', `${compared} ${REST}`);
}

function answerOfSync(scope: Scope, compared: string): Answer {
  if (scope === 'nothing') return noFile(compared);
  if (scope === 'everything') return yes('Yes: everything is there', compared);
  return yes('Yes: everything you asked for is there', `${compared} ${REST}`);
}

function foundWords({ repairCounts }: Report): string {
  const repaired = totalOf(repairCounts);
  if (repaired === 0) return 'It found no differences.';
  return `${counted(repaired, 'path')} differed, and ${repaired === 1 ? 'was' : 'were'} copied again: no difference is left.`;
}

const REST = 'See below for what was left out or not compared.';

function noFile(compared: string): Answer {
  return unsure(
    'Not certain: no files were compared',
    `${compared} But the options left out every file: see below.`,
  );
}

function differing({ verdictCounts }: Report): string {
  return counted(totalOf(verdictCounts), 'path differs', 'paths differ');
}

function liveSource(report: Report): string {
  return `${headlineOf(report)}. Someone changed the source. Run it again when nobody is writing to it, or sync a snapshot.`;
}

function asSentence(note: string): string {
  return `${capitalized(displayText(note))}.`;
}

function entries(count: number): string {
  return counted(count, 'entry', 'entries');
}

function yes(headline: string, explanation: string): Answer {
  return { tone: 'yes', headline, explanation };
}

function no(headline: string, explanation: string): Answer {
  return { tone: 'no', headline, explanation };
}

function plan(headline: string, explanation: string): Answer {
  return { tone: 'plan', headline, explanation };
}

function unsure(headline: string, explanation: string): Answer {
  return { tone: 'unsure', headline, explanation };
}
