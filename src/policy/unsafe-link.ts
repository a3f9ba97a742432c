/** `--safe-links` and `--copy-unsafe-links`: which symbolic links lead out of the tree, as rsync sees it. */
import type { ByteString } from '../model/byte-string.ts';

/**
 * Also a link that is absolute or empty, and one that goes up anywhere but at its start: what it passes may be a
 * link itself.
 * @param path of the link, relative to the root
 */
export function isUnsafeLink(path: ByteString, target: ByteString): boolean {
  if (target === '' || target.startsWith('/')) return true;
  const afterWayUp = target.replace(/^(?:\.\.\/+)*/, '');
  if (afterWayUp.includes('/../') || (target.length > 3 && target.endsWith('/..'))) return true;
  const names = target.split(/\/+/);
  const last = names.pop();
  let depth = path.split('/').length - 1;
  for (const name of names) {
    if (name === '.') continue;
    depth += name === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return last === '..' && depth === 0;
}
