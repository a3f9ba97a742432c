/** A directory below each of the two mounts holds the trees; both go when the tests end. Without mounts: how to get them. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { HOW_TO_MOUNT, mountsUnderTest } from '../support/nfs-mounts.ts';

const directories: string[] = [];

function makeDirectory(mount: string): string {
  const directory = mkdtempSync(join(mount, 'efs-sync-test-'));
  chmodSync(directory, 0o755);
  directories.push(directory);
  return directory;
}

export function setup(): void {
  const mounts = mountsUnderTest();
  if (mounts === undefined) {
    console.warn(HOW_TO_MOUNT);
    return;
  }
  process.env['EFS_SYNC_TEST_SOURCES'] = makeDirectory(mounts.source);
  process.env['EFS_SYNC_TEST_DESTINATIONS'] = makeDirectory(mounts.destination);
}

export function teardown(): void {
  spawnSync('rm', ['-rf', ...directories]);
}
