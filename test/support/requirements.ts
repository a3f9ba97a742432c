/** What some tests need of the machine, tried rather than guessed. A missing one skips them by name, visibly. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { canInject } from './inject.ts';
import { canMountLatfs } from './latfs.ts';
import { CLI, NOBODY } from './run-cli.ts';

export type Requirement =
  | 'root'
  | 'another user'
  | 'rsync'
  | 'script'
  | 'strace'
  | 'setfacl'
  | 'mknod'
  | 'memory file system'
  | 'user xattrs'
  | 'loop mount'
  | 'tmpfs mount'
  | 'promtool'
  | 'bash'
  | 'zsh'
  | 'fish'
  | 'latfs';

const PROBES: Readonly<Record<Requirement, () => boolean>> = {
  root: () => process.getuid?.() === 0,
  'another user': () => canRunAsNobody(),
  rsync: () => succeeds('rsync --version'),
  script: () => succeeds('script -qec true /dev/null'),
  strace: canInject,
  setfacl: () => succeeds('touch f && setfacl -m u:1:r f'),
  mknod: () => succeeds('mknod n c 1 3'),
  'memory file system': () => succeeds('test "$(stat -f -c %T /dev/shm)" = tmpfs'),
  'user xattrs': () => succeeds(`python3 -c "open('f','w'); import os; os.setxattr('f','user.a',b'b')"`),
  'loop mount': () =>
    succeeds('truncate -s 1M i && mkfs.ext4 -q -I 128 i && mkdir m && mount -o loop i m && umount m'),
  'tmpfs mount': () => succeeds('mkdir m && mount -t tmpfs tmpfs m && umount m'),
  bash: () => succeeds('bash --version'),
  zsh: () => succeeds('zsh --version'),
  fish: () => succeeds('fish --version'),
  promtool: () => succeeds('promtool --version'),
  latfs: canMountLatfs,
};

function succeeds(script: string): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'efs-sync-probe-'));
  const { status } = spawnSync('sh', ['-c', script], { cwd: directory, stdio: 'ignore' });
  rmSync(directory, { recursive: true });
  return status === 0;
}

/** Needs root to become nobody, and a checkout nobody can read. */
function canRunAsNobody(): boolean {
  if (process.getuid?.() !== 0) return false;
  const { status } = spawnSync(process.execPath, ['-e', `fs.accessSync(${JSON.stringify(CLI)})`], {
    uid: NOBODY,
    gid: NOBODY,
    cwd: '/',
  });
  return status === 0;
}

const probed = new Map<Requirement, boolean>();

function has(requirement: Requirement): boolean {
  const known = probed.get(requirement) ?? PROBES[requirement]();
  probed.set(requirement, known);
  return known;
}

/** `describe`, skipped where the machine lacks something; under EFS_SYNC_TEST_ALL, as in CI, that is a failure. */
export function describeWith(requirements: readonly Requirement[], title: string, body: () => void): void {
  const missing = requirements.filter((requirement) => !has(requirement));
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const reason = `needs ${missing.join(', ')}`;
  if (process.env['EFS_SYNC_TEST_ALL'] !== undefined) throw new Error(`${title}: ${reason}`);
  console.warn(`skipped: ${title} (${reason})`);
  describe.skip(`${title} (${reason})`, body);
}
