/** Shell commands around a task: `before` may prevent it, `after` learns how it ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Ended } from './execute.ts';
import { exitStatusOf } from './exit-status.ts';
import { totalOf } from './metrics/run-metrics.ts';
import type { CommandLine } from './options.ts';

type Tell = (message: string) => void;

/** False: it failed, and nothing is to be synced. */
export async function runBefore(line: CommandLine, tell: Tell): Promise<boolean> {
  const command = line.task?.hooks.before;
  return command === undefined || run('before', command, variablesOf(line), tell);
}

/** False: it failed, however the sync ended. */
export async function runAfter(line: CommandLine, ended: Ended, tell: Tell): Promise<boolean> {
  const command = line.task?.hooks.after;
  return command === undefined || run('after', command, { ...variablesOf(line), ...resultOf(ended) }, tell);
}

type Variables = Readonly<Record<string, string>>;

/** What it prints goes to standard error: standard output may be read by a program. */
async function run(
  name: 'before' | 'after',
  command: string,
  variables: Variables,
  tell: Tell,
): Promise<boolean> {
  const failure = await failureOf(command, { ...process.env, ...variables });
  if (failure === undefined) return true;
  const what = name === 'before' ? 'nothing is synced' : 'the sync itself has ended before';
  tell(`the hook '${name}' failed (${failure}): ${what}`);
  return false;
}

/** This process goes on meanwhile: a service manager hears that it lives. */
async function failureOf(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const shell = spawn('/bin/sh', ['-c', asText(command)], { env, stdio: ['ignore', 2, 2] });
  try {
    const [status, signal] = (await once(shell, 'close')) as [number | null, NodeJS.Signals | null];
    if (status === 0) return undefined;
    return signal ?? `exit status ${status}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function variablesOf({ source, destination, task }: CommandLine): Variables {
  return {
    EFS_SYNC_TASK: asText(task?.name ?? ''),
    EFS_SYNC_SOURCE: asText(source),
    EFS_SYNC_DESTINATION: asText(destination),
  };
}

function resultOf({ outcome, end }: Ended): Variables {
  const result = {
    EFS_SYNC_EXIT_STATUS: String(exitStatusOf(outcome)),
    EFS_SYNC_RESULT: outcome.status,
  };
  if (!('report' in end)) return result;
  const { tally, problemCounts, verdictCounts } = end.report;
  return {
    ...result,
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
