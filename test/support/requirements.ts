/**
 * What tests need from the machine, tried rather than guessed. If it is missing, tests are skipped visibly,
 * by name.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { canInject } from './inject.ts';
import { canMountLatfs } from './latfs.ts';
import { hasLab } from './nfs-lab.ts';
import { canUseLogdisk } from './logdisk.ts';
import { areMountsUnderTest } from './nfs-mounts.ts';
import { canMountOddfs } from './oddfs.ts';
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
  | 'logrotate'
  | 'cron'
  | 'shellcheck'
  | 'systemd-analyze'
  | 'mount namespaces'
  | 'user namespaces'
  | 'bash'
  | 'zsh'
  | 'fish'
  | 'chromium'
  | 'io_uring'
  | 'latfs'
  | 'oddfs'
  | 'logdisk'
  | 'NFS mounts'
  | 'NFS servers that take faults';

/** With everything that open-ring.ts asks for, except its own memory. */
const SET_UP_RING = `import ctypes; call = ctypes.CDLL(None).syscall
assert call(425, 64, (ctypes.c_uint * 30)(0, 0, 1 << 12 | 1 << 13 | 1 << 16)) >= 0`;

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
  chromium: () => succeeds('chromium --version'),
  promtool: () => succeeds('promtool --version'),
  cron: () => succeeds('command -v cron'),
  shellcheck: () => succeeds('shellcheck --version'),
  'systemd-analyze': () => succeeds('systemd-analyze --version && setpriv --version'),
  'mount namespaces': () => succeeds('unshare --mount true'),
  'user namespaces': () => succeeds('unshare --user --map-root-user true'),
  logrotate: () => succeeds('logrotate --version && fuser -V'),
  io_uring: () => succeeds(`python3 -c '${SET_UP_RING}'`),
  latfs: canMountLatfs,
  oddfs: canMountOddfs,
  logdisk: canUseLogdisk,
  'NFS mounts': areMountsUnderTest,
  'NFS servers that take faults': hasLab,
};

/**
 * Skipped even where everything else must exist: only `npm run test:nfs` provides these, or many containers
 * forbid them.
 */
const MAY_BE_MISSING: ReadonlySet<Requirement> = new Set([
  'NFS mounts',
  'NFS servers that take faults',
  'io_uring',
]);

function succeeds(script: string): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'efs-sync-probe-'));
  const { status } = spawnSync('sh', ['-c', script], { cwd: directory, stdio: 'ignore' });
  rmSync(directory, { recursive: true });
  return status === 0;
}

/** Needs root, to become nobody, and a checkout that nobody can read. */
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

/** `describe`, skipped if the machine lacks something; with EFS_SYNC_TEST_ALL, as in CI, that fails. */
export function describeWith(requirements: readonly Requirement[], title: string, body: () => void): void {
  const missing = requirements.filter((requirement) => !has(requirement));
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const reason = `needs ${missing.join(', ')}`;
  const mustBeThere =
    process.env['EFS_SYNC_TEST_ALL'] !== undefined && missing.some((one) => !MAY_BE_MISSING.has(one));
  if (mustBeThere) throw new Error(`${title}: ${reason}`);
  console.warn(`skipped: ${title} (${reason})`);
  describe.skip(`${title} (${reason})`, body);
}
