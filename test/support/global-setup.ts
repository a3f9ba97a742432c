/** One directory on disk and one in memory hold everything the tests write; both go when the tests end. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

const directories: string[] = [];

function makeDirectory(parent: string): string {
  const directory = mkdtempSync(join(parent, 'efs-sync-test-'));
  directories.push(directory);
  chmodSync(directory, 0o755);
  return directory;
}

export function setup(): void {
  const onDisk = makeDirectory(tmpdir());
  process.env['EFS_SYNC_TEST_DISK'] = onDisk;
  process.env['EFS_SYNC_TEST_MEMORY'] = existsSync('/dev/shm') ? makeDirectory('/dev/shm') : onDisk;
  const states = join(onDisk, 'state');
  mkdirSync(states);
  chmodSync(states, 0o1777);
}

export function teardown(): void {
  for (const directory of directories) spawnSync('rm', ['-rf', directory]);
}
