/** `--preserve=LIST`: which metadata the destination is to have. */
import { UsageError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Preserve } from '../model/settings.ts';

/** The words of the list, in the order the manual gives them. */
export const PRESERVE_WORDS = [
  'owner',
  'uid',
  'gid',
  'mode',
  'mtime',
  'atime',
  'xattr',
  'acl',
  'devices',
  'specials',
  'all',
  'none',
] as const;

export type PreserveWord = (typeof PRESERVE_WORDS)[number];
export type PreserveList = readonly PreserveWord[];

const DEFAULT_PRESERVE: PreserveList = ['owner', 'mode', 'mtime'];

export function parsePreserveList(text: string): PreserveList {
  const words = text.split(',').map((word) => word.trim());
  for (const word of words) {
    if (!isPreserveWord(word)) {
      throw new UsageError(
        `'${displayName(word)}' is not one of ${PRESERVE_WORDS.join(', ')}; separate them by commas`,
      );
    }
  }
  if (words.length > 1 && words.includes('none')) {
    throw new UsageError("'none' goes alone");
  }
  return words as PreserveList;
}

/** `named` is what `--preserve` said, if anything; rsync's letters add to it, `--no-owner` and its like take away. */
export function resolvePreserve(
  named: PreserveList | undefined,
  { added, takenBack }: { added: PreserveList; takenBack: PreserveList },
): Preserve {
  const words = new Set<PreserveWord>([...(named ?? DEFAULT_PRESERVE), ...added]);
  const has = (word: PreserveWord): boolean =>
    (words.has('all') || words.has(word) || (words.has('owner') && (word === 'uid' || word === 'gid'))) &&
    !takenBack.includes(word);
  return Object.freeze({
    uid: has('uid'),
    gid: has('gid'),
    mode: has('mode'),
    mtime: has('mtime'),
    atime: has('atime'),
    xattr: has('xattr'),
    acl: has('acl'),
    devices: has('devices'),
    specials: has('specials'),
    ownerRequired: named?.some((word) => ['owner', 'uid', 'gid', 'all'].includes(word)) ?? false,
  });
}

function isPreserveWord(word: string): word is PreserveWord {
  return (PRESERVE_WORDS as readonly string[]).includes(word);
}
