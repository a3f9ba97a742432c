/** Absolute paths without symbolic links, compared as paths, not as texts. */

/** The path itself, or anywhere below. */
export function isBelow(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(ancestor.endsWith('/') ? ancestor : `${ancestor}/`);
}

/** What follows the ancestor: empty, or a slash and names. */
export function pathBelow(path: string, ancestor: string): string {
  return path.slice(ancestor === '/' ? (path === '/' ? 1 : 0) : ancestor.length);
}

/** What follows the ancestor, as a path relative to it. */
export function namesBelow(path: string, ancestor: string): string {
  return pathBelow(path, ancestor).replace(/^\//, '');
}

/** The inverse of `namesBelow`. */
export function absolutePath(ancestor: string, names: string): string {
  if (names === '') return ancestor;
  return ancestor.endsWith('/') ? ancestor + names : `${ancestor}/${names}`;
}
