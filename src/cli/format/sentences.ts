/** One line each for a change, a problem, a verdict and an error. */
import type { Check } from '../../model/check.ts';
import type { ListedChange } from '../../model/change.ts';
import type { LockHolder } from '../../model/lock-holder.ts';
import type { Limits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { SplitLinks } from '../../model/split-links.ts';
import type { Task } from '../../model/task.ts';
import type { Verdict } from '../../model/verdict.ts';
import { displayName, displayText } from '../../model/display-name.ts';
import { outcomeOfError } from '../../policy/outcome.ts';
import { formatCount, formatRate } from './units.ts';

type Roots = Pick<Task, 'source' | 'destination'>;

/** What a run is about. */
export function taskLine({ name, source, destination }: Roots & Pick<Task, 'name'>): string {
  const called = name === undefined ? '' : `${displayName(name)}: `;
  return `${called}${displayName(source)} -> ${displayName(destination)}`;
}

/** rsync's `%i %n%L`. */
export function itemizedLine(change: ListedChange): string {
  return `${change.itemized.padEnd(11)} ${pathLine(change)}`;
}

/** rsync's `%n%L`: directories end in a slash, links show what they are linked to. */
function pathLine(change: ListedChange): string {
  const isDirectory = change.itemized[1] === 'd' && !change.itemized.startsWith('*');
  const path = change.path === '' ? '.' : change.path;
  const shown = displayName(isDirectory && !path.endsWith('/') ? `${path}/` : path);
  if (change.linkedTo === undefined) return shown;
  const arrow = change.itemized.startsWith('h') ? '=>' : '->';
  return `${shown} ${arrow} ${displayName(change.linkedTo)}`;
}

/** What `-v` prints, where there are no letters to say that it is a deletion, or that only the spelling changes. */
export function verboseLine(change: ListedChange): string {
  const word = /^\*(\w+)/.exec(change.itemized)?.[1];
  return word === undefined ? pathLine(change) : `${word} ${pathLine(change)}`;
}

export function problemLine(problem: Problem, roots: Roots): string {
  const path = displayName(joinPath(roots[problem.side], problem.path));
  const code = problem.code === '' ? '' : ` (${problem.code})`;
  const reason = `${displayText(problem.reason)}${code}`;
  if (problem.class === 'failed') return `cannot ${displayText(problem.attempt)} ${path}: ${reason}`;
  const what = problem.class === 'vanished' ? 'vanished' : 'changed while it was copied';
  return `${what}: ${path}: ${reason}`;
}

export function verdictLine(verdict: Verdict): string {
  const line = `${verdict.class}: ${pathText(verdict.path)}`;
  return verdict.detail === '' ? line : `${line}: ${displayText(verdict.detail)}`;
}

/** The message, with what to look at where it is a bug of ours. */
/** With its stack where it is a bug. */
export function errorText(error: unknown): string {
  const outcome = outcomeOfError(error);
  const isBug = outcome.status === 'Error' && outcome.reason === 'bug';
  if (!isBug || !(error instanceof Error)) return errorLine(error);
  const stack = (error.stack ?? error.message).split('\n').map(displayText).join('\n');
  return `${stack}\nThis is a bug in efs-sync; please report it with the lines above.`;
}

export function errorLine(error: unknown): string {
  return displayText(error instanceof Error ? error.message : String(error));
}

/** Relative to the roots; these are `.`. */
export function pathText(path: string): string {
  return displayName(path === '' ? '.' : path);
}

export function joinPath(root: string, path: string): string {
  if (path === '') return root;
  return root.endsWith('/') ? root + path : `${root}/${path}`;
}

/** By the options' names, which are those of a limits file. */
export function limitsLine({ bandwidthBytesPerSec, operationsPerSec }: Limits): string {
  const bandwidth = bandwidthBytesPerSec === 0 ? 'none' : formatRate(bandwidthBytesPerSec);
  const operations = operationsPerSec === 0 ? 'none' : `${formatCount(operationsPerSec)}/s`;
  return `limits now: bwlimit ${bandwidth}, opslimit ${operations}`;
}

export function waitingLine(destination: string, holder: LockHolder | undefined): string {
  const who = holder === undefined ? '' : ` (process ${holder.pid}, since ${holder.startedAt})`;
  return `waiting for another sync of ${displayName(destination)} to end${who}`;
}

/** A check on a line of its own. */
export function adviceText({ subject, finding, cure }: Check): string {
  return `${subject}: ${finding}${cure === undefined ? '' : `; ${cure}`}`;
}

/** What was one file. */
export function splitLine({ path, names, files, limit }: SplitLinks): string {
  const most = limit === undefined ? 'the destination does not link them all' : mostNames(limit);
  return `split: ${displayName(path)}: ${formatCount(names)} hard links are ${formatCount(files)} files: ${most}`;
}

function mostNames(limit: number): string {
  return limit === 1 ? 'the destination has no hard links' : `a file has ${formatCount(limit)} names at most`;
}

/** In rsync's words. */
export function skippedLine(path: string): string {
  return `skipping non-regular file "${displayName(path)}"`;
}
