/** What the kernel says in files of /proc and /sys: of this process, this boot, unwritten data and readahead. */
import type { ByteString } from '../model/byte-string.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { LocationError } from '../model/run/errors.ts';

/** latin1. @throws LocationError if it cannot be read */
export function readProcFile(path: ByteString): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const cure = code === 'EMFILE' ? '; raise the limit on open files (ulimit -n)' : '';
    throw new LocationError(`cannot read ${path}: ${message}${cure}`, { code, syscall: 'read', path, cause });
  }
}

/** The files that this process has open, and may open: getrlimit(2). */
export interface OpenFiles {
  /** Infinity: only the system limits it. */
  readonly limit: number;
  readonly open: number;
}

/** @throws LocationError */
export function readOpenFiles(): OpenFiles {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(readProcFile('/proc/self/limits')) ?? [];
  const limit = soft === undefined || soft === 'unlimited' ? Infinity : Number(soft);
  return { limit, open: readdirSync('/proc/self/fd').length };
}

let boot: number | undefined;

/** Identifies this boot of the machine, in 32 bits. @throws LocationError */
export function bootNumber(): number {
  boot ??= Number.parseInt(readProcFile('/proc/sys/kernel/random/boot_id').slice(0, 8), 16);
  return boot;
}

const UNWRITTEN = /^(?:Dirty|Writeback|NFS_Unstable): +(\d+) kB$/gm;

/**
 * How much data the kernel has yet to write, on all file systems: tells a slow flush from one that hangs.
 * Undefined if this machine does not say.
 */
export function unwrittenKib(): number | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/meminfo', 'latin1');
  } catch {
    // Without the figure, a long flush is judged like any other call.
    return undefined;
  }
  return unwrittenIn(text);
}

/** @param meminfo proc(5) */
export function unwrittenIn(meminfo: string): number | undefined {
  const parts = [...meminfo.matchAll(UNWRITTEN)].map(([, kib]) => Number(kib));
  return parts.length === 0 ? undefined : parts.reduce((sum, kib) => sum + kib, 0);
}

const HIGH = 2 ** 32;

/**
 * How far ahead the kernel reads on a mount. `kb` is undefined if the file system has no readahead of its own,
 * or it cannot be read. @param device major * 2^32 + minor
 */
export function readReadahead(device: number): { kb: number | undefined; file: ByteString } {
  const file = `/sys/class/bdi/${Math.floor(device / HIGH)}:${device % HIGH}/read_ahead_kb`;
  try {
    return { kb: Number(readFileSync(file, 'latin1')), file };
  } catch {
    // Most file systems have none. An unreadable one must not stop the other checks.
    return { kb: undefined, file };
  }
}
