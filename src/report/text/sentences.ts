/** One line each for a change, a problem, a verdict and an error. */
import type { ByteString, Shown } from '../../model/byte-string.ts';
import { attemptWords, type Problem } from '../../model/run/problem.ts';
import type { Check } from '../../model/preflight-results.ts';
import type { ListedChange } from '../../model/change.ts';
import type { LockHolder } from '../../model/run/errors.ts';
import type { Limits } from '../../model/settings.ts';
import type { SplitLinks } from '../../model/run/report.ts';
import type { Task } from '../../model/task.ts';
import type { Verdict } from '../../model/run/verdict.ts';
import { displayName, displayText } from '../../model/display-name.ts';
import { outcomeOfError } from '../../policy/decide-outcome.ts';
import { exitStatusOf } from '../exit-status.ts';
import { formatCount, formatRate } from './quantities.ts';
import { cureOfVerdict } from './verdict-advice.ts';

type Roots = Pick<Task, 'source' | 'destination'>;

/** The task of a run. */
export function taskLine({ name, source, destination }: Roots & Pick<Task, 'name'>): string {
  const called = name === undefined ? '' : `${displayName(name)}: `;
  return `${called}${displayName(source)} -> ${displayName(destination)}`;
}

/** rsync's `%i %n%L`. */
export function itemizedLine(change: ListedChange): string {
  return `${change.itemized.padEnd(11)} ${pathLine(change)}`;
}

/** rsync's `%n%L`: directories end in a slash, and links show their target. */
function pathLine(change: ListedChange): string {
  const shown = nameText(change);
  return change.linkedTo === undefined ? shown : `${shown} ${linkText(change)}`;
}

/** rsync's `%n`. */
export function nameText(change: ListedChange): string {
  const isDirectory = change.itemized[1] === 'd' && !change.itemized.startsWith('*');
  const path = change.path === '' ? '.' : change.path;
  return displayName(isDirectory && !path.endsWith('/') ? `${path}/` : path);
}

/** `-> target`, `=> other name`, `<- old path`. */
export function linkText({ itemized, linkedTo = '' }: ListedChange): string {
  const arrow = itemized.startsWith('h') ? '=>' : itemized.startsWith('*') ? '<-' : '->';
  return `${arrow} ${displayName(linkedTo)}`;
}

/** The output of `-v`: without letters it must say that a path is deleted, or only respelled. */
export function verboseLine(change: ListedChange): string {
  const word = /^\*(\w+)/.exec(change.itemized)?.[1];
  return word === undefined ? pathLine(change) : `${word} ${pathLine(change)}`;
}

export function problemLine(problem: Problem, roots: Roots): string {
  const path = displayName(joinPath(roots[problem.side], problem.path));
  const code = problem.code === '' ? '' : ` (${problem.code})`;
  const reason = `${displayText(problem.reason)}${code}`;
  if (problem.class === 'failed') return `cannot ${attemptWords(problem.attempt)} ${path}: ${reason}`;
  const what = problem.class === 'vanished' ? 'vanished' : 'changed while being copied';
  return `${what}: ${path}: ${reason}`;
}

/** With what heals it: "content mismatch: d/f: content differs; run again with --checksum or --repair". */
export function verdictLine(verdict: Verdict, by: Parameters<typeof cureOfVerdict>[1]): string {
  return `${differenceLine(verdict)}; ${cureOfVerdict(verdict.class, by)}`;
}

/** "content mismatch: d/f: content differs" */
export function differenceLine(verdict: Verdict): string {
  const detail = verdict.detail === '' ? '' : `: ${displayText(verdict.detail)}`;
  return `${verdict.class}: ${pathText(verdict.path)}${detail}`;
}

/** Includes the stack if the error is a bug. */
export function errorText(error: unknown): string {
  const outcome = outcomeOfError(error);
  const isBug = outcome.status === 'Error' && outcome.reason === 'bug';
  if (!isBug || !(error instanceof Error)) return errorLine(error);
  const stack = (error.stack ?? error.message).split('\n').map(displayText).join('\n');
  return `${stack}\nThis is a bug in efs-sync; please report it with the lines above.`;
}

/** "Error: cannot use source /a: No such file or directory (exit status 3)" */
export function errorHeadline(error: unknown): string {
  const outcome = outcomeOfError(error);
  return `${outcome.status}: ${errorLine(error)} (exit status ${exitStatusOf(outcome)})`;
}

/** Includes the exit status if the error ends a run midway, as a report would. */
export function runErrorText(error: unknown): string {
  const outcome = outcomeOfError(error);
  const endsRun = outcome.status === 'Error' && outcome.reason === 'fatal';
  return endsRun ? `${errorText(error)} (exit status ${exitStatusOf(outcome)})` : errorText(error);
}

export function errorLine(error: unknown): string {
  return displayText(error instanceof Error ? error.message : String(error));
}

/** A path relative to the roots; `.` for the roots themselves. */
export function pathText(path: ByteString): Shown {
  return displayName(path === '' ? '.' : path);
}

export function joinPath(root: ByteString, path: ByteString): ByteString {
  if (path === '') return root;
  return root.endsWith('/') ? root + path : `${root}/${path}`;
}

/** Uses the options' names, which are also the keys of a limits file. */
export function limitsLine({ bandwidthBytesPerSec, operationsPerSec }: Limits): string {
  const bandwidth = bandwidthBytesPerSec === 0 ? 'none' : formatRate(bandwidthBytesPerSec);
  const operations = operationsPerSec === 0 ? 'none' : `${formatCount(operationsPerSec)}/s`;
  return `limits now: bwlimit ${bandwidth}, opslimit ${operations}`;
}

export function waitingLine(destination: string, holder: LockHolder | undefined): string {
  const who = holder === undefined ? '' : ` (process ${holder.pid}, since ${holder.startedAt})`;
  return `waiting for another sync of ${displayName(destination)} to finish${who}`;
}

/** A check as a single line. */
export function adviceText({ subject, finding, cure }: Check): string {
  return `${subject}: ${finding}${cure === undefined ? '' : `; ${cure}`}`;
}

/** Names that were one file. */
export function splitLine({ path, names, files, limit }: SplitLinks): string {
  const most = limit === undefined ? 'the destination cannot link them all' : mostNames(limit);
  return `split: ${displayName(path)}: ${formatCount(names)} hard links need ${formatCount(files)} files: ${most}`;
}

function mostNames(limit: number): string {
  return limit === 1
    ? 'the destination does not support hard links'
    : `the destination allows ${formatCount(limit)} names per file`;
}

/** In rsync's words. */
export function skippedLine(path: ByteString): string {
  return `skipping non-regular file "${displayName(path)}"`;
}
