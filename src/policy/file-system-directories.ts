/**
 * Directories that a file system has for itself in its root: snapshots that a server shows, and what a check of the
 * disk found. They take no part unless the operator names them.
 */
import type { ByteString } from '../model/byte-string.ts';
import type { FilterList } from '../model/filter-list.ts';
import type { SparedPath } from '../model/run/run-file.ts';

/** A server shows them where it is mounted, whichever of its directories that is. */
const SNAPSHOTS: ReadonlySet<string> = new Set(['.ckpt', '.snapshot', '.zfs']);
const FOUND = 'lost+found';

export type OwnDirectory = Required<Pick<SparedPath, 'partOf'>> & { readonly name: ByteString };

/** @param directories those directories in a mount's root @param isWholeFileSystem false: a part of one is mounted */
export function ownDirectories(
  directories: readonly ByteString[],
  isWholeFileSystem: boolean,
): OwnDirectory[] {
  return directories.flatMap((name): OwnDirectory[] => {
    if (SNAPSHOTS.has(name)) return [{ name, partOf: 'snapshots' }];
    return isWholeFileSystem && name === FOUND ? [{ name, partOf: 'file system' }] : [];
  });
}

/** An include rule ends with the name itself: `*` names nothing. Then the rules alone decide about it. */
export function isNamedByRule(filters: FilterList, name: ByteString): boolean {
  return filters.some(
    (rule) => rule.action === 'include' && rule.isNegated !== true && lastOf(rule.pattern) === name,
  );
}

/** Of `/a/b`, `b/`, `b/**` and `b/***` it is b. */
function lastOf(pattern: string): string {
  const path = pattern.replace(/\/\*{0,3}$/, '');
  return path.slice(path.lastIndexOf('/') + 1);
}
