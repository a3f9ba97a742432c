/** Shell commands around a task: `before` may prevent it, and `after` gets its outcome. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Ended } from './execute.ts';
import { exitStatusOf } from '../report/exit-status.ts';
import type { CommandLine } from './options/options.ts';
import { totalOf } from '../report/text/quantities.ts';

type Tell = (message: string) => void;

/** False: it failed, so the task must not run. */
export async function runBefore(line: CommandLine, tell: Tell): Promise<boolean> {
  const command = line.task?.hooks.before;
  return command === undefined || run('before', command, variablesOf(line), tell);
}

/** False: it failed, whatever the outcome of the sync. */
export async function runAfter(line: CommandLine, ended: Ended, tell: Tell): Promise<boolean> {
  const command = line.task?.hooks.after;
  return command === undefined || run('after', command, { ...variablesOf(line), ...resultOf(ended) }, tell);
}

type Variables = Readonly<Record<string, string>>;

/** Its output goes to standard error, as a program may read standard output. */
async function run(
  name: 'before' | 'after',
  command: string,
  variables: Variables,
  tell: Tell,
): Promise<boolean> {
  const failure = await failureOf(command, { ...process.env, ...variables });
  if (failure === undefined) return true;
  const what = name === 'before' ? 'nothing is synced' : 'the sync itself had already ended';
  tell(`the hook '${name}' failed (${failure}): ${what}`);
  return false;
}

/** Asynchronous, so that this process can go on notifying the service manager. */
async function failureOf(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    // Node throws some failures at once, such as a command that is too long, and tells others by an event.
    const shell = spawn('/bin/sh', ['-c', asText(command)], { env, stdio: ['ignore', 2, 2] });
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

/** Decodes latin1 for Node, which passes text on as UTF-8. */
function asText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
