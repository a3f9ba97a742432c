/** A separate disk for a destination, which hangs on demand: a loop device on latfs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLatfs } from './latfs.ts';

export interface SlowDisk {
  readonly mountPoint: string;
  /** From now on writes to it never complete, until the end. */
  hang(): void;
}

/** Calls that hung may outlive the run. */
async function unmountOnceIdle(mountPoint: string): Promise<void> {
  while (spawnSync('umount', [mountPoint], { stdio: 'ignore' }).status !== 0) await sleep(50);
}

export async function withSlowDisk(directory: string, use: (disk: SlowDisk) => Promise<void>): Promise<void> {
  const [backing, mounted, mountPoint] = ['backing', 'latfs', 'disk'].map((name) =>
    join(directory, name),
  ) as [string, string, string];
  for (const path of [backing, mountPoint]) mkdirSync(path);
  execFileSync('sh', ['-c', 'truncate -s 256M "$1" && mkfs.ext4 -qF "$1"', 'sh', join(backing, 'image')]);
  await withLatfs({ backing, mountPoint: mounted }, [], async (latfs) => {
    execFileSync('mount', ['-o', 'loop', join(mounted, 'image'), mountPoint]);
    try {
      await use({ mountPoint, hang: () => latfs.ctl('op=write', 'action=hang') });
    } finally {
      latfs.ctl('unhang');
      await unmountOnceIdle(mountPoint);
    }
  });
}
