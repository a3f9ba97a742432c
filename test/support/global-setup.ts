/**
 * Makes one directory on disk and one in memory for everything that tests write, and removes both at the end.
 * Builds the program again if the source is newer.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
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

const BUILT = 'dist/completions/efs-sync.bash';

function isBuilt(): boolean {
  if (!existsSync(BUILT)) return false;
  const builtMs = statSync(BUILT).mtimeMs;
  const sources = ['src', 'build'].flatMap((directory) =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name)),
  );
  return sources.every((path) => statSync(path).mtimeMs < builtMs);
}

function build(): void {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the program cannot be built');
}

export function setup(): void {
  if (!isBuilt()) build();
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
