/** Mirrors of directories whose names, kinds, sizes and times follow a test's rules: oddfs, through FUSE. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A separate tool, which may lie next to the project. */
const ODDFS =
  process.env['EFS_SYNC_TEST_ODDFS'] ??
  fileURLToPath(new URL('../../../shared/lab/oddfs/oddfs', import.meta.url));

/** Whether it exists, can be compiled, and may mount. */
export function canMountOddfs(): boolean {
  if (!existsSync(ODDFS)) return false;
  const directory = mkdtempSync(join(tmpdir(), 'efs-sync-probe-'));
  const [backing, mountPoint, rules] = ['backing', 'mount', 'rules'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [backing, mountPoint]) mkdirSync(path);
  writeFileSync(rules, '');
  const { status } = spawnSync(ODDFS, [backing, mountPoint, rules], { stdio: 'ignore' });
  if (status === 0) unmount(mountPoint);
  rmSync(directory, { recursive: true });
  return status === 0;
}

export interface Oddfs {
  readonly mountPoint: string;
  /** From the next call on only these rules apply: `icase * keep`, `err link * EPERM 1`. */
  setRules(...rules: readonly string[]): void;
}

/** `mountPoint` shows `backing` by `rules` while `use` runs. */
export async function withOddfs<T>(
  { backing, mountPoint }: { backing: string; mountPoint: string },
  rules: readonly string[],
  use: (oddfs: Oddfs) => Promise<T>,
): Promise<T> {
  const rulesFile = `${mountPoint}.rules`;
  const setRules = (...lines: readonly string[]): void => {
    writeFileSync(rulesFile, lines.map((line) => `${line}\n`).join(''));
  };
  mkdirSync(mountPoint, { recursive: true });
  setRules(...rules);
  execFileSync(ODDFS, [backing, mountPoint, rulesFile], { stdio: 'ignore' });
  try {
    return await use({ mountPoint, setRules });
  } finally {
    unmount(mountPoint);
  }
}

function unmount(mountPoint: string): void {
  execFileSync('umount', ['--lazy', mountPoint], { stdio: 'ignore' });
}
