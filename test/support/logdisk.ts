/**
 * Disks that record every write and flush, so that their state at any moment can be restored: logdisk,
 * through FUSE.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The source of a separate tool, which may lie next to the project. */
const LOGDISK =
  process.env['EFS_SYNC_TEST_LOGDISK'] ??
  fileURLToPath(new URL('../../../shared/lab/logdisk/logdisk.c', import.meta.url));
const CUT = fileURLToPath(new URL('cut.py', import.meta.url));

const MAKERS = {
  ext4: 'mkfs.ext4 -q -F',
  'ext4 in order': 'mkfs.ext4 -q -F',
  xfs: 'mkfs.xfs -q -f',
  btrfs: 'mkfs.btrfs -q -f',
} as const;
/**
 * Commits each second if there is an option for it, instead of after 5 or 30, so that interesting moments
 * come soon. By default ext4 may commit a file's size an instant before its content; `dioread_lock` keeps
 * them in order.
 */
const OPTIONS = {
  ext4: 'commit=1',
  'ext4 in order': 'commit=1,dioread_lock',
  xfs: 'nouuid',
  btrfs: 'commit=1',
} as const;
/** The minimum for mkfs.xfs. */
const IMAGE_SIZE = '320M';

export type DiskFormat = keyof typeof MAKERS;

let program: string | undefined;

/** Compiled once. */
function compiled(): string {
  if (program === undefined) {
    const path = join(
      mkdtempSync(join(process.env['EFS_SYNC_TEST_DISK'] ?? tmpdir(), 'logdisk-')),
      'logdisk',
    );
    execFileSync(
      'sh',
      ['-c', 'gcc -O2 -o "$1" "$2" $(pkg-config --cflags --libs fuse3)', 'sh', path, LOGDISK],
      {
        stdio: 'ignore',
      },
    );
    program = path;
  }
  return program;
}

/** Whether it exists and can be compiled, and loop devices with all these file systems may be mounted. */
export function canUseLogdisk(): boolean {
  if (!existsSync(LOGDISK)) return false;
  const directory = mkdtempSync(join(tmpdir(), 'efs-sync-probe-'));
  const script = `mkdir m d && truncate -s 1M i && mkfs.ext4 -qF i && mount -o loop i m && umount m &&
mkfs.xfs -V && mkfs.btrfs -V && gcc -o logdisk "$1" $(pkg-config --cflags --libs fuse3) &&
{ ./logdisk i log d & } && sleep 0.5 && test -e d/disk && umount d`;
  const { status } = spawnSync('sh', ['-c', script, 'sh', LOGDISK], { cwd: directory, stdio: 'ignore' });
  rmSync(directory, { recursive: true });
  return status === 0;
}

/** Makes a file system in a file, and lets `fill` write to it. */
export async function makeImage(
  image: string,
  format: DiskFormat,
  fill: (mountPoint: string) => Promise<void>,
): Promise<void> {
  execFileSync('sh', ['-c', `truncate -s ${IMAGE_SIZE} "$1" && ${MAKERS[format]} "$1"`, 'sh', image]);
  await withMounted(image, format, fill);
}

/** Mounts an image, with its journal replayed, while `use` runs. */
export async function withMounted<T>(
  image: string,
  format: DiskFormat,
  use: (mountPoint: string) => Promise<T>,
  mountPoint = `${image}.mounted`,
): Promise<T> {
  mkdirSync(mountPoint, { recursive: true });
  execFileSync('mount', ['-o', `loop,${OPTIONS[format]}`, image, mountPoint]);
  try {
    return await use(mountPoint);
  } finally {
    execFileSync('umount', [mountPoint]);
  }
}

export interface Recording {
  readonly base: string;
  readonly log: string;
  readonly format: DiskFormat;
}

/** How much has been recorded so far; compare it with `Cut.endBytes`. */
export function recordedBytes({ log }: Recording): number {
  return statSync(log).size;
}

/** Mounts a copy of `base` and records all writes to it; `base` itself stays unchanged. */
export async function record(
  recording: Recording,
  use: (mountPoint: string) => Promise<void>,
): Promise<void> {
  const { base, log, format } = recording;
  const directory = `${log}.disk`;
  mkdirSync(directory);
  const daemon = spawn(compiled(), [base, log, directory], { stdio: 'ignore' });
  const disk = join(directory, 'disk');
  while (!existsSync(disk)) {
    if (daemon.exitCode !== null) throw new Error(`logdisk ended with ${daemon.exitCode}`);
    await sleep(20);
  }
  try {
    await withMounted(disk, format, use, `${log}.mounted`);
  } finally {
    execFileSync('umount', [directory]);
  }
}

/** A write or a flush that reached the disk, and the length of the log with it. */
export interface DiskRecord {
  readonly endBytes: number;
  readonly atNs: number;
}

export function recordsOf({ log }: Recording): DiskRecord[] {
  const printed = execFileSync('python3', ['-B', CUT, 'list', log], { encoding: 'utf8', maxBuffer: 1e8 });
  return JSON.parse(printed) as DiskRecord[];
}

export interface Cut {
  /** The number of records before the cut. */
  readonly count: number;
  /** If given: this seed decides which writes since the last flush were lost. */
  readonly lossSeed: number | undefined;
}

/** Makes the disk's content after a power cut. */
export function buildImage({ base, log }: Recording, image: string, { count, lossSeed }: Cut): void {
  const loss = lossSeed === undefined ? [] : [String(lossSeed)];
  execFileSync('python3', ['-B', CUT, 'build', log, base, image, String(count), ...loss]);
}
