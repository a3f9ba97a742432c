/** Absolute paths without symbolic links, compared by component, not as strings. */
import type { ByteString } from '../model/byte-string.ts';

/** True for the ancestor itself and for any path below it. */
export function isBelow(path: ByteString, ancestor: ByteString): boolean {
  return path === ancestor || path.startsWith(ancestor.endsWith('/') ? ancestor : `${ancestor}/`);
}

/** The rest of the path after the ancestor: empty, or a slash and names. */
export function pathBelow(path: ByteString, ancestor: ByteString): ByteString {
  return path.slice(ancestor === '/' ? (path === '/' ? 1 : 0) : ancestor.length);
}

/** The rest of the path after the ancestor, as a relative path. */
export function namesBelow(path: ByteString, ancestor: ByteString): ByteString {
  return pathBelow(path, ancestor).replace(/^\//, '');
}

/** The inverse of `namesBelow`. */
export function joinNames(ancestor: ByteString, names: ByteString): ByteString {
  if (names === '') return ancestor;
  return ancestor.endsWith('/') ? ancestor + names : `${ancestor}/${names}`;
}
