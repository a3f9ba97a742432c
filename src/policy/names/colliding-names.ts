/** Names of one directory that differ only by case or by Unicode normal form: SMB and macOS take them for one. */
import type { ByteString, Shown } from '../../model/byte-string.ts';
import { decodeName, displayName, utf8Bytes } from '../../model/display-name.ts';

/** A name, and one before it that is the same without case and normal form. */
export type Collision = readonly [name: ByteString, other: ByteString];

const NONE: readonly Collision[] = [];

/**
 * Each name that collides with another, once: of three alike, two. Keeps only the names that fold to another.
 * @param lists sorted bytewise
 */
export function findCollisions(
  lists: readonly (readonly ByteString[])[],
  isListed: (name: ByteString) => boolean,
): readonly Collision[] {
  let byFolded: Map<string, ByteString> | undefined;
  let found: Collision[] | undefined;
  for (const names of lists) {
    for (const name of names) {
      const letters = lettersOf(name);
      if (letters === 'lower case') continue;
      const folded = letters === 'ASCII' ? name.toLowerCase() : caseFolded(name);
      byFolded ??= new Map();
      const other = byFolded.get(folded) ?? (folded !== name && isListed(folded) ? folded : undefined);
      if (other === undefined || other === name) byFolded.set(folded, name);
      else (found ??= []).push([name, other]);
    }
  }
  return found ?? NONE;
}

/**
 * Any name but of upper case, or not of ASCII, folds to itself. PERF: a regular expression takes longer until V8
 * compiles it, and most of a scan is over by then.
 */
function lettersOf(name: ByteString): 'lower case' | 'ASCII' | 'Unicode' {
  let letters: 'lower case' | 'ASCII' = 'lower case';
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code > 0x7f) return 'Unicode';
    if (code >= 0x41 && code <= 0x5a) letters = 'ASCII';
  }
  return letters;
}

/**
 * Of a name that is not ASCII: Unicode's canonical caseless matching. Unlike `foldedName` it takes no names for one that some file system
 * would keep apart: accents, dots and blanks count.
 */
export function caseFolded(name: ByteString): ByteString {
  const { text, exact } = decodeName(name);
  // Not UTF-8: file systems that fold such a name fold its ASCII letters.
  if (!exact) return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  // `toUpperCase` would make a plain I of a dotless one, which case folding keeps apart.
  const folded = text.normalize('NFD').replace(/[^\u0131]+/g, (part) => part.toUpperCase().toLowerCase());
  // At the end of a word a sigma is made lower case as another letter.
  return utf8Bytes(folded.replaceAll('\u03c2', '\u03c3').normalize('NFD'));
}

/** The other name, which may look the same. */
export function collisionText([name, other]: Collision): Shown {
  const [one, two] = [name, other].map((each) => decodeName(each).text.normalize('NFC'));
  return one === two ? `${displayName(other)} in another Unicode form` : displayName(other);
}
