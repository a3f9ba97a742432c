/** The answer to "is everything there?": a sentence, how sure it is, and what it leaves out. */
import { displayText } from '../../model/display-name.ts';
import type { IncompleteReason, Status } from '../../model/outcome.ts';
import type { Report } from '../../model/report.ts';
import { capitalized } from '../format/capitalized.ts';
import { headlineOf } from '../format/headline.ts';
import { counted } from '../format/units.ts';
import { totalOf } from '../metrics/run-metrics.ts';

export interface Answer {
  readonly tone: 'yes' | 'no' | 'unsure';
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
    no(`No: ${differing(report)}`, `${headlineOf(report)}. What to do about it is below.`),
  Error: (report) => answerOfError(headlineOf(report)),
  Interrupted: () =>
    no('No: the run was interrupted', 'What was copied stays. Run it again, and it finishes the rest.'),
};

const INCOMPLETE: Readonly<Record<IncompleteReason, (report: Report, paths: number) => Answer>> = {
  failed: (report, paths) =>
    no(
      `No: ${counted(paths, 'path could not be handled', 'paths could not be handled')}`,
      `${headlineOf(report)}. What to do about it is below.`,
    ),
  'delete limit': (report) => unsure('All is copied, but nothing was deleted', `${headlineOf(report)}.`),
  vanished: (report) => unsure('Not certain: the source lost entries during the run', liveSource(report)),
  changed: (report) => unsure('Not certain: the source changed during the run', liveSource(report)),
};

export function answerOfError(message: string): Answer {
  return no('No: the run ended with an error', message);
}

/** What the answer does not speak of. */
export function exceptionsTo(report: Report): string[] {
  const { tally, task, command } = report;
  const { settings } = task;
  const exceptions = [
    settings.filesFrom !== undefined && 'Only the paths of the list given with --files-from took part.',
    tally.excludedEntries > 0 && `Filter rules excluded ${entries(tally.excludedEntries)}.`,
    tally.skippedEntries > 0 &&
      `${entries(tally.skippedEntries)} took no part: special files, or what options for size and existence leave alone.`,
    command !== 'prepare' &&
      !settings.delete &&
      'What only the destination has was left alone (there was no --delete).',
  ];
  return [...exceptions.filter((one) => one !== false), ...report.notes.map(asSentence)];
}

function answerOfSuccess(report: Report): Answer {
  const { tally, task } = report;
  if (report.command === 'prepare')
    return unsure(headlineOf(report), 'A dry run compares, and copies nothing.');
  const compared = `${entries(tally.entriesVerified)} of both sides were compared after the run, and the content of ${counted(tally.filesVerified, 'file')} byte by byte. There was no difference.`;
  if (report.command === 'verify') return yes('Yes: source and destination match', compared);
  if (task.settings.verify === 'full') return yes('Yes: everything is there', compared);
  return task.settings.verify === 'transferred'
    ? yes('Yes: all that was transferred is there', `${compared} What was there before was not read again.`)
    : unsure(
        'Copied without an error, but not verified',
        'There was no verification (--verify=none). “efs-sync verify” makes up for it.',
      );
}

function differing({ verdictCounts }: Report): string {
  return counted(totalOf(verdictCounts), 'path differs', 'paths differ');
}

function liveSource(report: Report): string {
  return `${headlineOf(report)}. Someone worked in the source. Run it again when nobody does, or sync a snapshot.`;
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

function unsure(headline: string, explanation: string): Answer {
  return { tone: 'unsure', headline, explanation };
}
