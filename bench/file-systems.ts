/** What a directory's file system is, and the room in it. */
import { readFileSync, statSync, statfsSync } from 'node:fs';

const TMPFS = 0x01021994;

/** Magic numbers from linux/magic.h. FUSE is included because on servers it is mostly remote storage. */
const NETWORK_TYPES: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x65735546, // FUSE
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x01021997, // 9p
]);

export function isNetwork(path: string): boolean {
  return NETWORK_TYPES.has(statfsSync(path).type);
}

export function isSameFileSystem(one: string, other: string): boolean {
  return statSync(one).dev === statSync(other).dev;
}

/** A tmpfs may be larger than the free memory, and filling that would kill the machine. */
export function freeBytes(path: string): number {
  const { bavail, bsize, type } = statfsSync(path);
  return type === TMPFS ? Math.min(bavail * bsize, availableMemoryBytes()) : bavail * bsize;
}

function availableMemoryBytes(): number {
  const kilobytes = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1];
  return kilobytes === undefined ? Infinity : Number(kilobytes) * 1024;
}
