/** What holds after a run whatever failed in it, by the word of judges that share nothing with the tool. */
import { compareTrees, type ComparisonOptions } from '../support/oracle.ts';
import { readdirSync } from 'node:fs';
import type { Task } from '../../src/model/task.ts';
import type { Stage } from './case.ts';
import { wrongDeletions } from './deletions.ts';
import type { FailedCall, MadeCall } from './faults.ts';
import { isNamed } from './naming.ts';
import type { Outcome } from './run-once.ts';

export interface Ended {
  readonly stage: Stage;
  readonly task: Task;
  readonly outcome: Outcome;
}

export interface Faulted extends Ended {
  readonly made: readonly MadeCall[];
  readonly failed: readonly FailedCall[];
}

const BUG = 70;
const CALLS_THAT_TIDY = new Set(['unlinkat', 'renameat']);
/** Kinds of faults that return no error. */
const NO_ERRORS = new Set(['short', 'nothing']);
const CONTENT_ONLY: ComparisonOptions = { except: ['mode', 'uid', 'gid', 'mtime', 'links'] };

/** A file with too many names is split into copies, and the run reports it. */
export function mayBeSplit(call: string, code: string): boolean {
  return call === 'linkat' && code === 'EMLINK';
}

/** Returns one sentence per broken promise. */
export async function brokenAfter(ended: Faulted): Promise<string[]> {
  const { outcome, stage, task } = ended;
  const isWrite = stage.scenario.command === 'sync' && !task.settings.dryRun;
  return [
    ...(outcome.status === BUG ? [`it ends as a bug: ${String((outcome.error as Error).stack)}`] : []),
    ...(outcome.leaked > 0 ? [`${outcome.leaked} descriptors stay open`] : []),
    ...(isWrite ? await halfFiles(ended) : await changes(ended)),
    ...(isWrite ? leftovers(ended).map((name) => `${name} stays behind`) : []),
    ...(outcome.status === 0 ? await untrueSuccess(ended) : untoldFailure(ended)),
    ...(outcome.status === 0 ? untoldLosses(ended) : []),
    ...(await wrongDeletions(ended)),
  ];
}

/** Judges the next run, in which nothing fails. */
export async function brokenAfterRetry({ stage, task, outcome }: Ended): Promise<string[]> {
  const broken: string[] = [];
  if (outcome.status !== 0) broken.push(`the next run ends with ${outcome.status}: ${told(outcome)}`);
  if (outcome.leaked > 0) broken.push(`the next run leaves ${outcome.leaked} descriptors open`);
  if (task.settings.dryRun) return broken;
  for (const line of await differences(stage)) broken.push(`after the next run ${line}`);
  for (const name of namesOfOurs(stage.destination)) broken.push(`after the next run ${name} is there`);
  return broken;
}

function told({ report, error }: Outcome): string {
  return report === undefined
    ? String(error)
    : JSON.stringify([report.outcome.status, report.problems, report.verdicts]);
}

async function differences(
  { source, destination, scenario }: Stage,
  options: ComparisonOptions = {},
): Promise<string[]> {
  return compareTrees(source, destination, {
    ...options,
    keepsExtraneous: scenario.settings.delete !== true,
    ...(scenario.settings.preserve?.xattr === true ? { also: ['xattr', 'acl'] } : {}),
  });
}

/** Every name holds its complete old or new content. */
async function halfFiles({ stage }: Faulted): Promise<string[]> {
  const fromOld = byPath(await compareTrees(stage.before, stage.destination, CONTENT_ONLY));
  const fromNew = byPath(await compareTrees(stage.source, stage.destination, CONTENT_ONLY));
  return [...fromNew]
    .filter(([path]) => fromOld.has(path) && !isOwn(path) && !isExempt(stage, path))
    .map(([path, line]) => `${path} is neither the old nor the new: ${String(fromOld.get(path))}, ${line}`);
}

/** For scenarios that must not write. */
async function changes({ stage }: Faulted): Promise<string[]> {
  const lines = await compareTrees(stage.before, stage.destination, { also: ['xattr', 'acl'] });
  return lines.map((line) => `it wrote to ${line}`);
}

/** Files that are written in place, and entries that are removed before one of another kind replaces them. */
function isExempt({ scenario: { inPlace, givesWay } }: Stage, path: string): boolean {
  return [...inPlace, ...givesWay].some((name) => path === name || path.startsWith(`${name}/`));
}

function byPath(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(': ')), line]));
}

/** Temporary files may only stay behind after a failed cleanup that the run reported. */
function leftovers({ stage, task, outcome, failed }: Faulted): string[] {
  const found = namesOfOurs(stage.destination);
  if (outcome.status === 0) return found;
  if (failed.some(({ call }) => CALLS_THAT_TIDY.has(call))) return [];
  const before = namesOfOurs(stage.before);
  // The next run resumes or removes what --partial keeps.
  const isKept = (name: string) => before.includes(name) || (task.settings.partial && name.endsWith('.part'));
  // Whoever can open no directory removes none either, and says which.
  const opensNone = failed.some(({ call, lasts }) => call === 'openat2' && lasts === 'always');
  const reported = opensNone ? (outcome.report?.problems ?? []).map(({ path }) => path) : [];
  const isReported = (name: string) =>
    reported.some((path) => isOwn(path) && `${name}/`.startsWith(`${path}/`));
  return found.filter((name) => !isKept(name) && !isReported(name));
}

function namesOfOurs(root: string): string[] {
  return (readdirSync(root, { recursive: true }) as string[]).filter(isOwn);
}

function isOwn(path: string): boolean {
  return path.includes('.efs-sync-');
}

async function untrueSuccess({ stage, task, failed }: Faulted): Promise<string[]> {
  if (task.settings.dryRun) return [];
  const isSplit = failed.some(({ call, kind }) => mayBeSplit(call, kind));
  return (await differences(stage, isSplit ? { except: ['links'] } : {})).map(
    (line) => `it reports success, but ${line}`,
  );
}

/**
 * Lasting failures that must be reported even if both sides look equal, because no other call makes up for
 * them.
 */
function untoldLosses({ stage, failed }: Faulted): string[] {
  const isInTrees = (path: string) => path.startsWith(stage.source) || path.startsWith(stage.destination);
  const lost = failed.find((call) => call.lasts !== 'once' && isLoss(call) && call.targets.some(isInTrees));
  if (lost === undefined) return [];
  const { call, kind, phase, targets } = lost;
  return [`it reports success, but ${call} of ${targets.join(' ')} in ${phase} went on to give ${kind}`];
}

/** True if written data may be lost, or if existing data was not read. */
function isLoss({ call, kind, phase, isWritten }: FailedCall): boolean {
  if (NO_ERRORS.has(kind)) return false;
  if (call === 'fsync' || call === 'close') return isWritten;
  return phase === 'verifying' && (call === 'pread' || call === 'getdents64');
}

function untoldFailure(ended: Faulted): string[] {
  if (isNamed(ended)) return [];
  const failures = ended.failed
    .slice(0, 3)
    .map(({ kind, call, phase, targets }) => `${kind} ${call} ${phase} ${targets.join(' ')}`);
  return [`status ${ended.outcome.status} does not name ${failures.join(', ')}: ${told(ended.outcome)}`];
}
