/** chmod of a name, never through a symbolic link: the kernel's own call would follow it. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Entry } from '../../model/entry.ts';
import { permissionsOf } from '../../model/entry.ts';
import { readOpenEntry } from '../entry-stat.ts';
import { AT_FDCWD, O_CLOEXEC, O_NOFOLLOW, O_PATH } from '../../linux/constants.ts';
import type { Linux } from '../../linux/call-table.ts';
import { check } from '../../linux/system-error.ts';
import { childPath, type OpenDirectory } from '../root.ts';

/** A name held by O_PATH: needs no permission on the entry, and stays the same inode after any rename. */
export interface PathHandle {
  readonly linux: Linux;
  readonly fd: number;
  readonly path: ByteString;
}

/** @throws SystemError */
export async function withPathHandle<T>(
  directory: OpenDirectory,
  name: ByteString,
  use: (handle: PathHandle) => Promise<T>,
): Promise<T> {
  const { linux } = directory;
  const path = childPath(directory.path, name);
  const fd = check(
    await linux.openat(directory.fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0),
    'openat',
    path,
  );
  try {
    return await use({ linux, fd, path });
  } finally {
    // An O_PATH descriptor has nothing to flush, so errors of close are ignored.
    await linux.close(fd);
  }
}

/** fchmod refuses O_PATH descriptors; their name under /proc leads to the same inode. */
export async function chmodHandle(handle: PathHandle, mode: number): Promise<void> {
  check(
    await handle.linux.fchmodat(AT_FDCWD, `/proc/self/fd/${handle.fd}`, mode, 0),
    'fchmodat',
    handle.path,
  );
}

export async function setModeOf(
  directory: OpenDirectory,
  name: ByteString,
  change: (permissions: number) => number,
): Promise<Entry> {
  return withPathHandle(directory, name, async (handle) => {
    const entry = await readOpenEntry(handle);
    await chmodHandle(handle, change(permissionsOf(entry)));
    return entry;
  });
}

/** Removes permission bits from an open entry. @throws SystemError */
export async function takeRights(open: PathHandle, rights: number): Promise<void> {
  if (rights === 0) return;
  const permissions = permissionsOf(await readOpenEntry(open));
  if ((permissions & rights) === 0) return;
  check(await open.linux.fchmod(open.fd, permissions & ~rights), 'fchmod', open.path);
}
