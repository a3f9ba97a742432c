/**
 * Names that some file systems treat as one, by case, Unicode form, or trailing dots and blanks; and whether
 * two names lead to the same file.
 */
import type { ByteString } from '../../model/byte-string.ts';
import type { Entry } from '../../model/entry.ts';

/**
 * Equal for names that a destination may treat as one. Coarser than any file system, as a lookup decides
 * afterwards. Aliases it does not know (short names of vfat) are caught by the guard at the moment of
 * deletion.
 */
export function foldedName(name: ByteString): ByteString {
  if (isAscii(name)) return withoutEnd(name.toLowerCase());
  return decomposed(name).toUpperCase().toLowerCase().replace(IGNORABLE, '');
}

/**
 * Whether two names of one entry differ at most in Unicode form, dots or blanks: a destination may store its
 * own form.
 */
export function differsInFormOnly(name: ByteString, other: string): boolean {
  return decomposed(name) === decomposed(other);
}

/** Soft hyphens, joiners and the like, and replacements of bytes that are not UTF-8. */
const IGNORABLE = /[\p{Default_Ignorable_Code_Point}\p{Mark}\uFFFD]/gu;

/** Reads the bytes of a latin1 string as UTF-8. */
function decomposed(name: ByteString): ByteString {
  return withoutEnd(Buffer.from(name, 'latin1').toString('utf8').normalize('NFKD'));
}

function isAscii(name: ByteString): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 0x7f) return false;
  return true;
}

function withoutEnd(name: ByteString): ByteString {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end--;
  return name.slice(0, end);
}

/**
 * Compares inodes. Some file systems give each spelling of a name its own inode number (exfat-fuse), so equal
 * statx results also count. Two files with equal results count as one: a deletion must never mistake one file
 * for two.
 */
export function isSameFile(one: Entry, other: Entry): boolean {
  if (one.device !== other.device) return false;
  return one.inode === other.inode || haveSameState(one, other);
}

function haveSameState(one: Entry, other: Entry): boolean {
  return (
    one.mode === other.mode &&
    one.uid === other.uid &&
    one.gid === other.gid &&
    one.linkCount === other.linkCount &&
    one.sizeBytes === other.sizeBytes &&
    one.mtimeSec === other.mtimeSec &&
    one.mtimeNsec === other.mtimeNsec &&
    one.ctimeSec === other.ctimeSec &&
    one.ctimeNsec === other.ctimeNsec
  );
}
