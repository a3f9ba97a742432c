/** Where a run keeps its locks and its spool files. Only the command line reads the environment. */
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8Bytes } from './format/display-name.ts';

export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
}

/** cron sets no HOME for some users; the password database knows it all the same. */
export function stateDirectoryOf({ variables, isRoot }: Environment): string {
  const { XDG_STATE_HOME: stateHome, HOME: home } = variables;
  // The XDG specification: a relative path is to be ignored.
  if (stateHome?.startsWith('/')) return utf8Bytes(join(stateHome, 'efs-sync'));
  if (isRoot) return '/var/lib/efs-sync';
  return utf8Bytes(join(home || homedir(), '.local/state/efs-sync'));
}

export function spoolDirectoryOf({ variables }: Environment): string {
  return utf8Bytes(variables['TMPDIR'] || tmpdir());
}
