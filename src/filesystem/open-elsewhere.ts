/** Files that processes of this machine have open or locked for writing: /proc/PID/fd and /proc/locks of proc(5). */
import type { ByteString } from '../model/byte-string.ts';
import { displayName } from '../model/display-name.ts';
import type { Example } from '../model/preflight-results.ts';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readProcFile } from './proc-file.ts';

export interface OpenForWriting {
  /** Relative to the directory, each once; `detail` is a process that has it open. */
  readonly files: readonly Example[];
  /** Processes whose open files this user may not see. */
  readonly hiddenProcesses: number;
}

/** By the paths that processes see, so not through another mount. @param realPath absolute, of a directory @throws LocationError */
export function openForWriting(realPath: ByteString): OpenForWriting {
  const above = realPath === '/' ? '/' : `${realPath}/`;
  const found = new Map<ByteString, Example>();
  let hiddenProcesses = 0;
  const own = ownPid();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (pid === own) continue;
    const descriptors = ifThere(() => readdirSync(`/proc/${pid}/fd`));
    if (descriptors === 'denied') hiddenProcesses++;
    if (typeof descriptors !== 'object') continue;
    for (const descriptor of descriptors) {
      const path = ifThere(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`, 'latin1'));
      if (path?.startsWith(above) !== true || path.endsWith(' (deleted)')) continue;
      if (!isWritten(pid, descriptor)) continue;
      const relative = path.slice(above.length);
      if (!found.has(relative)) found.set(relative, { path: relative, detail: processText(pid) });
    }
  }
  return { files: [...found.values()], hiddenProcesses };
}

function ownPid(): string {
  return readlinkSync('/proc/self');
}

/** The access mode of open(2): O_WRONLY or O_RDWR. */
const WRITING = 0o3;

function isWritten(pid: string, descriptor: string): boolean {
  const info = ifThere(() => readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'latin1')) ?? '';
  const [, flags = '0'] = /^flags:\s*(\d+)/m.exec(info) ?? [];
  return (Number.parseInt(flags, 8) & WRITING) !== 0;
}

function processText(pid: string): string {
  const name = ifThere(() => readFileSync(`/proc/${pid}/comm`, 'latin1'))?.trimEnd();
  return name === undefined || name === 'denied' ? `process ${pid}` : `${displayName(name)}, process ${pid}`;
}

/** Undefined: the process or its file is gone meanwhile. */
function ifThere<T>(read: () => T): T | 'denied' | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    if (code === 'EACCES' || code === 'EPERM') return 'denied';
    throw error;
  }
}

/** `device:inode` of each. Locks of NFS clients are among them where this machine is their server. @throws LocationError */
export function lockedForWriting(): string[] {
  return lockedIn(readProcFile('/proc/locks'), ownPid());
}

const LOCK = /^\d+: +\S+ +\S+ +WRITE +(-?\d+) +([0-9a-f]+):([0-9a-f]+):(\d+) /gm;

/** @param locks proc_locks(5) @param own its locks are left out */
export function lockedIn(locks: string, own: string): string[] {
  const found = new Set<string>();
  for (const [, pid, major = '', minor = '', inode = ''] of locks.matchAll(LOCK)) {
    const device = Number.parseInt(major, 16) * 2 ** 32 + Number.parseInt(minor, 16);
    if (pid !== own) found.add(`${device}:${inode}`);
  }
  return [...found];
}
