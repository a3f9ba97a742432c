/** Shell commands around a task: `before` may prevent it, `after` learns how it ended. */
import { spawnSync } from 'node:child_process';
import type { Ended } from './execute.ts';
import { totalOf } from './metrics/run-metrics.ts';
import type { CommandLine } from './options.ts';

type Tell = (message: string) => void;

/** False: it failed, and nothing is to be synced. */
export function runBefore(line: CommandLine, tell: Tell): boolean {
  const command = line.task?.hooks.before;
  return command === undefined || run('before', command, variablesOf(line), tell);
}

/** False: it failed, however the sync ended. */
export function runAfter(line: CommandLine, ended: Ended, tell: Tell): boolean {
  const command = line.task?.hooks.after;
  return command === undefined || run('after', command, { ...variablesOf(line), ...resultOf(ended) }, tell);
}

type Variables = Readonly<Record<string, string>>;

/** What it prints goes to standard error: standard output may be read by a program. */
function run(name: 'before' | 'after', command: string, variables: Variables, tell: Tell): boolean {
  const { status, signal, error } = spawnSync('/bin/sh', ['-c', asText(command)], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 2, 2],
  });
  if (status === 0) return true;
  const why = error?.message ?? (signal === null ? `exit status ${status}` : signal);
  const what = name === 'before' ? 'nothing is synced' : 'the sync itself has ended before';
  tell(`the hook '${name}' failed (${why}): ${what}`);
  return false;
}

function variablesOf({ source, destination, task }: CommandLine): Variables {
  return {
    EFS_SYNC_TASK: asText(task?.name ?? ''),
    EFS_SYNC_SOURCE: asText(source),
    EFS_SYNC_DESTINATION: asText(destination),
  };
}

function resultOf({ status, end }: Ended): Variables {
  if (!('report' in end)) return { EFS_SYNC_EXIT_STATUS: String(status), EFS_SYNC_RESULT: 'Error' };
  const { tally, problemCounts, verdictCounts } = end.report;
  return {
    EFS_SYNC_EXIT_STATUS: String(status),
    EFS_SYNC_RESULT: end.report.status,
    EFS_SYNC_FILES_TRANSFERRED: String(tally.filesTransferred),
    EFS_SYNC_BYTES_TRANSFERRED: String(tally.bytesTransferred),
    EFS_SYNC_ENTRIES_DELETED: String(tally.entriesDeleted),
    EFS_SYNC_PROBLEMS: String(totalOf(problemCounts)),
    EFS_SYNC_DIFFERENCES: String(totalOf(verdictCounts)),
  };
}

/** Latin1 to what Node hands on as UTF-8. */
function asText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
