/**
 * Runs efs-sync with a directory that looks like a mount of Amazon EFS, through its own namespace's /proc.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cleanEnvironment, CLI } from './run-cli.ts';
import type { Trees } from './scenario.ts';

const AS_EFS = `
mount --bind "$2" "$2"
sed "\\\\| $2 |s|- [^ ]* [^ ]* |- nfs4 fs-0a1b2c.efs.eu-west-1.amazonaws.com:/ |" /proc/self/mountinfo >"$1"
mount --bind "$1" "/proc/$$/mountinfo"
shift 2
exec "$@"
`;

/** @param args the whole command line of efs-sync */
export function runWithEfsDestination(
  { directory, destination }: Trees,
  args: readonly string[],
  status = 0,
): { readonly stdout: string; readonly stderr: string } {
  const info = join(directory, 'mountinfo');
  writeFileSync(info, '');
  const command = ['-m', 'sh', '-ec', AS_EFS, 'sh', info, destination, process.execPath, CLI, ...args];
  const result = spawnSync('unshare', command, { env: cleanEnvironment(), encoding: 'utf8' });
  if (result.status !== status) {
    expect.fail(`exit ${result.status}, expected ${status}\n${result.stdout}${result.stderr}`);
  }
  return result;
}
