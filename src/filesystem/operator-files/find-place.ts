/**
 * Looks up a path that the operator named, component by component. Follows a symbolic link only if root or
 * the user running this owns it: anybody else may have planted it to redirect this process.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { displayName } from '../../model/display-name.ts';
import { isDirectory, isSymlink, type Entry } from '../../model/entry.ts';
import { readLinkTarget, readOpenEntry } from '../entry-stat.ts';
import type { Linux } from '../../linux/call-table.ts';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_PATH } from '../../linux/constants.ts';
import { check, ELOOP, ENOENT, ENOTDIR, SystemError, EEXIST } from '../../linux/system-error.ts';

/** Descriptors are of O_PATH; the caller closes them with `closeNamedFile`. */
export interface NamedFile {
  readonly linux: Linux;
  /** As the operator named it, latin1. */
  readonly path: ByteString;
  readonly directoryFd: number;
  /** A name in that directory; `.` is the directory itself. */
  readonly name: ByteString;
  /** Undefined if nothing has that name. */
  readonly found: { readonly fd: number; readonly stat: Entry } | undefined;
  /** Reached by a link of /proc: this or another process already has it open. */
  readonly isOpenElsewhere: boolean;
}

export interface Lookup {
  /** Mode of missing directories to make; undefined: make none. */
  readonly makeWithMode?: number;
  /** Does not follow a link in the last component. */
  readonly keepsLastLink?: boolean;
}

/** The kernel's own limit. */
const MOST_LINKS = 40;
const DIRECTORY = O_PATH | O_DIRECTORY | O_CLOEXEC;
const PROC_SUPER_MAGIC = 0x9fa0n;
/** struct statfs of 64-bit Linux; f_type is its first word. */
const STATFS_SIZE_BYTES = 120;

/** @throws SystemError, and then leaves nothing open */
export async function findNamedFile(linux: Linux, path: ByteString, lookup: Lookup = {}): Promise<NamedFile> {
  if (path === '') throw new SystemError(-ENOENT, 'open', path);
  const walk = new Walk(linux, path, lookup);
  try {
    return await walk.toEnd();
  } catch (error) {
    await walk.close();
    throw error;
  }
}

export async function closeNamedFile({ linux, directoryFd, found }: NamedFile): Promise<void> {
  if (found !== undefined) await linux.close(found.fd);
  await linux.close(directoryFd);
}

/** Owned by root, or by the user running this. */
export async function isTrusted(linux: Linux, { uid }: Pick<Entry, 'uid'>): Promise<boolean> {
  return uid === 0 || uid === (await linux.geteuid());
}

class Walk {
  readonly #linux: Linux;
  readonly #path: ByteString;
  readonly #lookup: Lookup;
  /** Names not looked up yet. */
  #names: ByteString[] = [];
  #directoryFd = -1;
  /** The descriptor of the last name looked up, until it becomes the directory. */
  #fd = -1;
  /** The directory as messages show it: empty, or ending with a slash. */
  #shown = '';
  #linkCount = 0;
  #mustBeDirectory = false;
  #isOpenElsewhere = false;

  constructor(linux: Linux, path: ByteString, lookup: Lookup) {
    this.#linux = linux;
    this.#path = path;
    this.#lookup = lookup;
  }

  async toEnd(): Promise<NamedFile> {
    await this.#goTo(this.#path);
    for (;;) {
      const name = this.#names.shift() ?? '.';
      const isLast = this.#names.length === 0;
      const kind = await this.#open(name, isLast);
      if (kind === 'nothing') return this.#place(name, undefined);
      const keepsLink = isLast && this.#lookup.keepsLastLink === true;
      if (kind === 'no directory' && !keepsLink && (await this.#isFollowed(name))) continue;
      if (isLast) return this.#place(name, await this.#stat());
      await this.#enter(name);
    }
  }

  async close(): Promise<void> {
    await this.#closeFound();
    if (this.#directoryFd >= 0) await this.#linux.close(this.#directoryFd);
    this.#directoryFd = -1;
  }

  #place(name: ByteString, stat: Entry | undefined): NamedFile {
    if (stat !== undefined && this.#mustBeDirectory && !isDirectory(stat)) this.#check(-ENOTDIR, 'open');
    const found = stat === undefined ? undefined : { fd: this.#fd, stat };
    const [linux, path, directoryFd] = [this.#linux, this.#path, this.#directoryFd];
    return { linux, path, directoryFd, name, found, isOpenElsewhere: this.#isOpenElsewhere };
  }

  /** Continues from there with the names of `path`, then the remaining names. */
  async #goTo(path: ByteString): Promise<void> {
    if (path.startsWith('/') || this.#directoryFd < 0) {
      const top = path.startsWith('/') ? '/' : '.';
      const fd = this.#check(await this.#linux.open(top, DIRECTORY, 0), 'open');
      if (this.#directoryFd >= 0) await this.#linux.close(this.#directoryFd);
      this.#directoryFd = fd;
      this.#shown = top === '/' ? top : '';
    }
    if (this.#names.length === 0) this.#mustBeDirectory ||= path.endsWith('/');
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    this.#names = [...names, ...this.#names];
  }

  /** Opens a directory as one, so that an automount takes place. 'nothing': the last name is free. */
  async #open(name: ByteString, isLast: boolean): Promise<'directory' | 'no directory' | 'nothing'> {
    const { makeWithMode } = this.#lookup;
    let fd = await this.#openDirectory(name);
    if (fd === -ENOENT && makeWithMode !== undefined) {
      const made = await this.#linux.mkdirat(this.#directoryFd, name, makeWithMode);
      if (made !== -EEXIST) this.#check(made, 'mkdirat');
      fd = await this.#openDirectory(name);
    }
    const isOther = fd === -ENOTDIR;
    if (isOther) fd = await this.#openAt(name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd === -ENOENT && isLast && !this.#mustBeDirectory) return 'nothing';
    this.#fd = this.#check(fd, 'open');
    return isOther ? 'no directory' : 'directory';
  }

  async #openDirectory(name: ByteString): Promise<number> {
    return this.#openAt(name, DIRECTORY | O_NOFOLLOW);
  }

  async #openAt(name: ByteString, flags: number): Promise<number> {
    return this.#linux.openat(this.#directoryFd, name, flags, 0);
  }

  async #stat(): Promise<Entry> {
    return readOpenEntry({ linux: this.#linux, fd: this.#fd, path: this.#path });
  }

  /**
   * Whether the name is a link whose target comes next. A link of /proc may lead to a file without a path:
   * there the kernel follows it.
   */
  async #isFollowed(name: ByteString): Promise<boolean> {
    const stat = await this.#stat();
    if (!isSymlink(stat)) return false;
    if (!(await isTrusted(this.#linux, stat))) this.#refuse(name, stat);
    if (++this.#linkCount > MOST_LINKS) this.#check(-ELOOP, 'open');
    this.#isOpenElsewhere = await this.#isOfProc();
    if (this.#isOpenElsewhere) {
      await this.#closeFound();
      this.#fd = this.#check(await this.#openAt(name, O_PATH | O_CLOEXEC), 'open');
      return false;
    }
    const target = await readLinkTarget({ linux: this.#linux, fd: this.#fd, path: this.#path }, '');
    await this.#closeFound();
    await this.#goTo(target);
    return true;
  }

  #refuse(name: ByteString, { uid }: Entry): never {
    const shown = displayName(this.#shown + name);
    const reason = `The symbolic link ${shown} belongs to user ${uid}; only links that belong to root or to you are followed`;
    throw new SystemError(-ELOOP, 'open', this.#path, reason);
  }

  async #isOfProc(): Promise<boolean> {
    const words = Buffer.alloc(STATFS_SIZE_BYTES);
    this.#check(await this.#linux.statfs(`/proc/self/fd/${this.#fd}`, words), 'statfs');
    return words.readBigInt64LE(0) === PROC_SUPER_MAGIC;
  }

  async #enter(name: ByteString): Promise<void> {
    await this.#linux.close(this.#directoryFd);
    this.#directoryFd = this.#fd;
    this.#fd = -1;
    this.#shown += `${name}/`;
    this.#isOpenElsewhere = false;
  }

  async #closeFound(): Promise<void> {
    if (this.#fd >= 0) await this.#linux.close(this.#fd);
    this.#fd = -1;
  }

  #check(result: number, call: string): number {
    return check(result, call, this.#path);
  }
}
