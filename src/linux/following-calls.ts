/** `--copy-links`: calls to a root that see what a symbolic link leads to, never the link itself. */
import { constants } from 'node:fs';
import { type Calls, type Linux } from './call-table.ts';
import { AT_SYMLINK_NOFOLLOW, DT_UNKNOWN, O_NOFOLLOW, RESOLVE_NO_MAGICLINKS } from './constants.ts';
import { ENOENT, ENOLINK } from './system-error.ts';

/** Types of names as getdents64(2) has them. */
const DT_LNK = 10;

/** For a root that is only read. PERF: other roots get calls that know nothing of this. */
export function followLinks(linux: Linux): Linux {
  const local = { ...linux.local, statx: followingStatx(linux.local) };
  return {
    ...linux,
    openat: (fd, name, flags, mode) => linux.openat(fd, name, flags & ~O_NOFOLLOW, mode),
    openat2: (fd, name, how, length) => linux.openat2(fd, name, how && withoutLimits(how), length),
    statx: followingStatx(linux),
    getdents64: async (fd, buffer, length) => {
      const filled = await linux.getdents64(fd, buffer, length);
      if (buffer !== null) hideLinks(buffer, filled);
      return filled;
    },
    local,
  };
}

/** A link that leads nowhere is an error of its own: ENOENT would say that the source has no such name. */
function followingStatx(calls: Pick<Calls, 'statx'>): Calls['statx'] {
  return async (...[fd, name, flags, mask, buffer]) => {
    const followed = await calls.statx(fd, name, flags & ~AT_SYMLINK_NOFOLLOW, mask, buffer);
    if (followed !== -ENOENT || name === '') return followed;
    const own = await calls.statx(fd, name, flags | AT_SYMLINK_NOFOLLOW, mask, buffer);
    if (own < 0 || buffer === null) return own;
    // Else somebody has made it since.
    return isLink(buffer) ? -ENOLINK : own;
  };
}

/** struct statx: stx_mode is at 28. */
export function isLink(stat: Uint8Array): boolean {
  const mode = (stat[28] as number) | ((stat[29] as number) << 8);
  return (mode & constants.S_IFMT) === constants.S_IFLNK;
}

/** Whoever lists the directory looks up what has no type, and is told of what the link leads to. */
export function hideLinks(buffer: Uint8Array, filled: number): void {
  for (let offset = 0; offset < filled;) {
    if (buffer[offset + 18] === DT_LNK) buffer[offset + 18] = DT_UNKNOWN;
    offset += (buffer[offset + 16] as number) | ((buffer[offset + 17] as number) << 8);
  }
}

/** struct open_how: flags, mode, resolve. */
export function withoutLimits(how: Uint8Array): Uint8Array {
  const free = Buffer.from(how);
  free.writeBigUInt64LE(free.readBigUInt64LE(0) & ~BigInt(O_NOFOLLOW), 0);
  free.writeBigUInt64LE(BigInt(RESOLVE_NO_MAGICLINKS), 16);
  return free;
}
