/** `--preserve=LIST`: the metadata to preserve. */
import { DEFAULT_SETTINGS, type Preserve } from '../../../model/settings.ts';
import { UsageError } from '../../../model/run/errors.ts';
import { displayName } from '../../../model/display-name.ts';

/** The words of the list, in the manual's order. */
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

const DEFAULT: Partial<Record<PreserveWord, boolean>> = DEFAULT_SETTINGS.preserve;
const DEFAULT_WORDS: PreserveList = PRESERVE_WORDS.filter((word) => DEFAULT[word]);

export function parsePreserveList(text: string): PreserveList {
  const words = text.split(',').map((word) => word.trim());
  for (const word of words) {
    if (!isPreserveWord(word)) {
      throw new UsageError(
        `'${displayName(word)}' is not one of ${PRESERVE_WORDS.join(', ')}; separate them with commas`,
      );
    }
  }
  if (words.length > 1 && words.includes('none')) {
    throw new UsageError("'none' cannot be combined with other words");
  }
  return words as PreserveList;
}

/**
 * `named` is the value of `--preserve`, if given; rsync's letters add to it, `--no-owner` and the like
 * remove.
 */
export function resolvePreserve(
  named: PreserveList | undefined,
  { added, takenBack }: { added: PreserveList; takenBack: PreserveList },
): Preserve {
  const words = new Set<PreserveWord>([...(named ?? DEFAULT_WORDS), ...added]);
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
