/** `-k`, `--copy-unsafe-links`: calls to a root that see what some symbolic links lead to, and the others themselves. */
import type { ByteString } from '../model/byte-string.ts';
import { isDirectory } from '../model/entry.ts';
import type { Calls, Linux } from './call-table.ts';
import { AT_SYMLINK_NOFOLLOW, O_DIRECTORY, O_NOFOLLOW, O_PATH, PATH_MAX } from './constants.ts';
import { hideLinks, isLink, withoutLimits } from './following-calls.ts';
import { StatBuffer } from './stat-buffer.ts';
import { ELOOP, ENOENT, ENOLINK } from './system-error.ts';

export interface FollowedLinks {
  readonly toDirectories: boolean;
  /** Of a link at a path below the root, and what it says. Undefined: it does not matter where a link leads. */
  readonly isUnsafe: ((path: ByteString, target: ByteString) => boolean) | undefined;
}

/** For a root that is only read. */
export function followSomeLinks(root: { linux: Linux; fd: number }, followed: FollowedLinks): Linux {
  const { linux } = root;
  const links = new Links(root, followed);
  return {
    ...linux,
    openat: async (fd, name, flags, mode) =>
      links.note(fd, name, await links.openAt({ fd, name, flags, mode })),
    // Opens directories, and the walk has chosen the links on the way to them.
    openat2: async (fd, name, how, length) =>
      links.note(fd, name, await linux.openat2(fd, name, how && withoutLimits(how), length)),
    statx: links.statxOf(linux),
    getdents64: async (fd, buffer, length) => {
      const filled = await linux.getdents64(fd, buffer, length);
      if (buffer !== null) hideLinks(buffer, filled);
      return filled;
    },
    local: { ...linux.local, statx: links.statxOf(linux.local) },
  };
}

interface Opening {
  readonly fd: number;
  readonly name: ByteString;
  readonly flags: number;
  readonly mode: number;
}

class Links {
  readonly #linux: Linux;
  readonly #followed: FollowedLinks;
  /** By descriptor. One that is used again gets its new path, so that the map stays small. */
  readonly #paths = new Map<number, ByteString>();

  constructor({ linux, fd }: { linux: Linux; fd: number }, followed: FollowedLinks) {
    this.#linux = linux;
    this.#followed = followed;
    this.#paths.set(fd, '');
  }

  /** Gives back what was opened. */
  note(fd: number, name: ByteString, opened: number): number {
    if (opened >= 0) this.#paths.set(opened, this.#pathOf(fd, name));
    return opened;
  }

  /** O_PATH would open the link itself. */
  async openAt({ fd, name, flags, mode }: Opening): Promise<number> {
    const freely = flags & ~O_NOFOLLOW;
    if ((flags & O_DIRECTORY) !== 0) return this.#linux.openat(fd, name, freely, mode);
    const asIs = (flags & O_PATH) === 0 ? await this.#linux.openat(fd, name, flags, mode) : -ELOOP;
    if (asIs !== -ELOOP) return asIs;
    const isFollowed = await this.#isUnsafe(fd, name);
    return this.#linux.openat(fd, name, isFollowed ? freely : flags, mode);
  }

  statxOf(calls: Pick<Calls, 'statx'>): Calls['statx'] {
    return async (...[fd, name, flags, mask, buffer]) => {
      const own = await calls.statx(fd, name, flags, mask, buffer);
      const mayFollow = own === 0 && buffer !== null && (flags & AT_SYMLINK_NOFOLLOW) !== 0;
      if (!mayFollow || !isLink(buffer)) return own;
      const followed = new StatBuffer();
      const result = await calls.statx(fd, name, flags & ~AT_SYMLINK_NOFOLLOW, mask, followed.bytes);
      const isFollowed = this.#followed.toDirectories && result === 0 && isDirectory(followed);
      if (!isFollowed && !(await this.#isUnsafe(fd, name))) return own;
      if (result === 0) buffer.set(followed.bytes);
      return result === -ENOENT ? -ENOLINK : result;
    };
  }

  /** False for what is no link. */
  async #isUnsafe(fd: number, name: ByteString): Promise<boolean> {
    const { isUnsafe } = this.#followed;
    if (isUnsafe === undefined) return false;
    const target = Buffer.alloc(PATH_MAX);
    const length = await this.#linux.readlinkat(fd, name, target, target.length);
    return length >= 0 && isUnsafe(this.#pathOf(fd, name), target.toString('latin1', 0, length));
  }

  #pathOf(fd: number, name: ByteString): ByteString {
    const above = this.#paths.get(fd) ?? '';
    if (name === '.') return above;
    return above === '' ? name : `${above}/${name}`;
  }
}
