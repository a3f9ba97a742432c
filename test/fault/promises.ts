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
const CONTENT_ONLY: ComparisonOptions = { except: ['mode', 'uid', 'gid', 'mtime', 'links'] };

/** A file that cannot have so many names is several of the same content, which the run tells. */
export function mayBeSplit(call: string, code: string): boolean {
  return call === 'linkat' && code === 'EMLINK';
}

/** Gives a sentence for each promise that was not kept. */
export async function brokenAfter(ended: Faulted): Promise<string[]> {
  const { outcome, stage, task } = ended;
  const isWrite = stage.scenario.command === 'sync' && !task.settings.dryRun;
  return [
    ...(outcome.status === BUG ? [`it ends as a bug: ${String((outcome.error as Error).stack)}`] : []),
    ...(outcome.leaked > 0 ? [`${outcome.leaked} descriptors stay open`] : []),
    ...(isWrite ? await halfFiles(ended) : await changes(ended)),
    ...(isWrite ? leftovers(ended).map((name) => `${name} stays behind`) : []),
    ...(outcome.status === 0 ? await untrueSuccess(ended) : untoldFailure(ended)),
    ...(await wrongDeletions(ended)),
  ];
}

/** The run after it, in which nothing fails. */
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

/** Each name holds what it held before or what it shall hold, whole. */
async function halfFiles({ stage }: Faulted): Promise<string[]> {
  const fromOld = byPath(await compareTrees(stage.before, stage.destination, CONTENT_ONLY));
  const fromNew = byPath(await compareTrees(stage.source, stage.destination, CONTENT_ONLY));
  return [...fromNew]
    .filter(([path]) => fromOld.has(path) && !isOwn(path) && !isExempt(stage, path))
    .map(([path, line]) => `${path} is neither the old nor the new: ${String(fromOld.get(path))}, ${line}`);
}

/** Where nothing may be written. */
async function changes({ stage }: Faulted): Promise<string[]> {
  const lines = await compareTrees(stage.before, stage.destination, { also: ['xattr', 'acl'] });
  return lines.map((line) => `it wrote to ${line}`);
}

/** What is written in place, or must go before something of another kind can come. */
function isExempt({ scenario: { inPlace, givesWay } }: Stage, path: string): boolean {
  return [...inPlace, ...givesWay].some((name) => path === name || path.startsWith(`${name}/`));
}

function byPath(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(': ')), line]));
}

/** But where the very call failed that removes them, and the run said so. */
function leftovers({ stage, task, outcome, failed }: Faulted): string[] {
  const found = namesOfOurs(stage.destination);
  if (outcome.status === 0) return found;
  if (failed.some(({ call }) => CALLS_THAT_TIDY.has(call))) return [];
  const before = namesOfOurs(stage.before);
  // What --partial keeps is for the next run, which takes it or removes it.
  const isKept = (name: string) => before.includes(name) || (task.settings.partial && name.endsWith('.part'));
  return found.filter((name) => !isKept(name));
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

function untoldFailure(ended: Faulted): string[] {
  if (isNamed(ended)) return [];
  const failures = ended.failed
    .slice(0, 3)
    .map(({ kind, call, phase, targets }) => `${kind} ${call} ${phase} ${targets.join(' ')}`);
  return [`status ${ended.outcome.status} does not name ${failures.join(', ')}: ${told(ended.outcome)}`];
}
