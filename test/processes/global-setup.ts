/** Builds the program whose units are served by child processes, and has the tests run that one. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('build.js', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/processes/bin/efs-sync.js', import.meta.url));

export function setup(): void {
  const { status } = spawnSync(process.execPath, [BUILD], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the program with a crew of processes cannot be built');
  process.env['EFS_SYNC_TEST_CLI'] = BUILT;
}
