/** Where a symbolic link of the source leads by its text: within the tree, or to a place that may be another once the tree is elsewhere. */
import type { ByteString } from '../model/byte-string.ts';

export type LinkDirection = 'absolute' | 'outward' | 'within';

/**
 * What a target passes may be a link itself, which is not followed here.
 * @param path of the link, relative to the root
 */
export function linkDirection(path: ByteString, target: ByteString): LinkDirection {
  if (target.startsWith('/')) return 'absolute';
  if (!target.includes('..')) return 'within';
  let depth = path.split('/').length - 1;
  for (const name of target.split('/')) {
    if (name === '' || name === '.') continue;
    depth += name === '..' ? -1 : 1;
    if (depth < 0) return 'outward';
  }
  return 'within';
}
