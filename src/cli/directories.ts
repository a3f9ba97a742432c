/** Where a run keeps its locks and its spool files. Only the command line reads the environment. */
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { utf8Bytes } from '../model/display-name.ts';

export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
}

/** Empty: none is known. */
export function stateDirectoryOf({ variables, isRoot }: Environment): string {
  const { XDG_STATE_HOME: stateHome, HOME: home } = variables;
  // The XDG specification: a relative path is to be ignored.
  if (stateHome?.startsWith('/')) return utf8Bytes(join(stateHome, 'efs-sync'));
  if (isRoot) return '/var/lib/efs-sync';
  const absoluteHome = home?.startsWith('/') === true ? home : homeInPasswords();
  return absoluteHome === '' ? '' : utf8Bytes(join(absoluteHome, '.local/state/efs-sync'));
}

/** cron sets no HOME for some users, and a container may run as one that no database knows. */
function homeInPasswords(): string {
  try {
    return userInfo().homedir;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return '';
    throw error;
  }
}

export function spoolDirectoryOf({ variables }: Environment): string {
  return utf8Bytes(variables['TMPDIR'] || tmpdir());
}
