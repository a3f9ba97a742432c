/** Temporary mounts: bind mounts, file systems in memory, another user's FUSE. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const FOREIGN_FUSE = fileURLToPath(new URL('foreign-fuse.py', import.meta.url));

export function bind(what: string, where: string): void {
  execFileSync('mount', ['--bind', what, where]);
}

export function mountMemory(where: string): void {
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', where]);
}

/** Afterwards unmounts everything that `use` mounted below a directory, last first. */
export async function unmountingBelow<T>(directory: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    const found = execFileSync('findmnt', ['-rno', 'TARGET'], { encoding: 'utf8' }).split('\n');
    const below = found.filter((mountPoint) => mountPoint.startsWith(`${directory}/`));
    for (const mountPoint of below.toReversed()) execFileSync('umount', ['--lazy', mountPoint]);
  }
}

/** A mount in which every call of this user hangs. */
export async function withHungMount<T>(mountPoint: string, use: () => Promise<T>): Promise<T> {
  return withFuse(mountPoint, process.getuid?.() ?? 0, use);
}

const OTHER_USER = 65_534;

export async function withForeignFuse<T>(mountPoint: string, use: () => Promise<T>): Promise<T> {
  return withFuse(mountPoint, OTHER_USER, use);
}

async function withFuse<T>(mountPoint: string, uid: number, use: () => Promise<T>): Promise<T> {
  const child = spawn('python3', [FOREIGN_FUSE, mountPoint, `${uid}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  try {
    return await use();
  } finally {
    child.stdin.end();
    await ended;
  }
}
