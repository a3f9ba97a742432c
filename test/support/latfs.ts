/** Mirrors of directories that are slow, hang, fail or lie as a test demands: latfs, through FUSE. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A separate tool, which may lie next to the project. */
const LATFS =
  process.env['EFS_SYNC_TEST_LATFS'] ??
  fileURLToPath(new URL('../../../shared/lab/latfs/latfs', import.meta.url));

/** Whether it exists, can be compiled, and may mount. */
export function canMountLatfs(): boolean {
  if (!existsSync(LATFS)) return false;
  const directory = mkdtempSync(join(tmpdir(), 'efs-sync-probe-'));
  const [backing, mountPoint] = [join(directory, 'backing'), join(directory, 'mount')];
  for (const path of [backing, mountPoint]) mkdirSync(path);
  const { status } = spawnSync(LATFS, ['mount', backing, mountPoint], { stdio: 'ignore' });
  if (status === 0) unmount(mountPoint);
  rmSync(directory, { recursive: true });
  return status === 0;
}

export interface Latfs {
  readonly mountPoint: string;
  /** `latency=20`, `op=write errno=EIO count=1`, `clear`, `unhang`: see `latfs --help`. */
  ctl(...words: readonly string[]): void;
  stats(): LatfsStats;
}

/** Requests since the mount began; operations without any are left out. */
export interface LatfsStats {
  /** Requests that hang now. */
  readonly hung: number;
  /** The most requests in flight at once. */
  readonly max_inflight: number;
  readonly ops: Readonly<Record<string, { readonly count: number; readonly faults: number }>>;
}

/**
 * `mountPoint` shows `backing` while `use` runs. While a call hangs there, this process must not touch the
 * mount: only unmounting would free it.
 */
export async function withLatfs<T>(
  { backing, mountPoint }: { backing: string; mountPoint: string },
  options: readonly string[],
  use: (latfs: Latfs) => Promise<T>,
): Promise<T> {
  mkdirSync(mountPoint, { recursive: true });
  execFileSync(LATFS, ['mount', backing, mountPoint, ...options], { stdio: 'ignore' });
  try {
    return await use({
      mountPoint,
      ctl: (...words) => void execFileSync(LATFS, ['ctl', mountPoint, ...words], { stdio: 'ignore' }),
      stats: () => statsOf(mountPoint),
    });
  } finally {
    unmount(mountPoint);
  }
}

function statsOf(mountPoint: string): LatfsStats {
  return JSON.parse(execFileSync(LATFS, ['stats', mountPoint, '--json'], { encoding: 'utf8' })) as LatfsStats;
}

/** Calls that still hang end with an error. */
function unmount(mountPoint: string): void {
  execFileSync(LATFS, ['umount', mountPoint, '--force'], { stdio: 'ignore' });
}
