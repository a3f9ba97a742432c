/**
 * Compiles one rsync filter pattern. Patterns, paths and names are latin1 strings: one character per byte.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { matchesWildcard, parseWildcard, type Wildcard } from './wildcard.ts';

/** Whether a pattern matches a path (relative to the root) whose last component is `name`. */
export type Matcher = (path: ByteString, name: ByteString, isDirectory: boolean) => boolean;

/**
 * `name` and `path` match exactly that text, so that a filter can look them up instead of trying each; `test`
 * is everything else; of some a filter can look up the part of a path that `part` names, instead. With
 * `directoriesOnly`, ask only about directories.
 */
export type Pattern = { readonly directoriesOnly: boolean } & (
  | { readonly kind: 'name' | 'path'; readonly text: string }
  | {
      readonly kind: 'test';
      readonly matches: Matcher;
      readonly part?: PartOfPath;
      /** False: it matches no name in this directory, relative to the root. */
      readonly mayMatchIn?: ((directory: ByteString) => boolean) | undefined;
    }
);

/** The pattern matches where the name begins or ends so, or the path has these components at its end. */
export interface PartOfPath {
  readonly of: 'start' | 'end' | 'tail';
  readonly text: string;
}

export function compilePattern(pattern: string): Pattern {
  const directoriesOnly = pattern.endsWith('/');
  const text = directoriesOnly ? pattern.slice(0, -1) : pattern;
  // A backslash escapes only in patterns with a wildcard; other patterns are literal text.
  if (/[*?[]/.test(text)) {
    const part = endOfName(text);
    const matches = compileWildcard(text);
    return { directoriesOnly, kind: 'test', matches, mayMatchIn: compileWay(text), ...(part && { part }) };
  }
  if (text.startsWith('/')) return { directoriesOnly, kind: 'path', text: text.slice(1) };
  if (!text.includes('/')) return { directoriesOnly, kind: 'name', text };
  const tail = `/${text}`;
  const matches = (path: ByteString): boolean => path === text || path.endsWith(tail);
  return { directoriesOnly, kind: 'test', matches, part: { of: 'tail', text } };
}

/** Where there is no lookup. */
export function matcherOf(pattern: Pattern): Matcher {
  if (pattern.kind === 'test') return pattern.matches;
  const { kind, text } = pattern;
  return kind === 'name' ? (_path, name) => name === text : (path) => path === text;
}

function compileWildcard(text: string): Matcher {
  const wildcard = parseWildcard(text.startsWith('/') ? text.slice(1) : text);
  if (wildcard === undefined) return () => false;
  if (text.includes('**')) return compileDoubleStar(text, wildcard);
  if (text.startsWith('/')) return (path) => matchesWildcard(wildcard, path);
  const slashCount = text.split('/').length - 1;
  if (slashCount > 0) return (path) => matchesTail(wildcard, path, slashCount);
  return compileNameWildcard(text, wildcard);
}

/**
 * What is before the last slash of a pattern matches the directory itself, since what follows it matches no slash.
 * Undefined: that is not known of it.
 */
function compileWay(text: string): ((directory: ByteString) => boolean) | undefined {
  const end = text.lastIndexOf('/');
  const [way, name] = [text.slice(0, end), text.slice(end + 1)];
  // A slash in a class, or behind a backslash, is none that parts names.
  if (end <= 0 || /[[\\]/.test(text) || name.includes('**')) return undefined;
  const matches = matcherOf(compilePattern(way));
  return (directory) =>
    directory === ''
      ? way.startsWith('**')
      : matches(directory, directory.slice(directory.lastIndexOf('/') + 1), false);
}

/** Of `*.o` and `core.*`. */
function endOfName(text: string): PartOfPath | undefined {
  const rest = text.startsWith('*') ? text.slice(1) : text.slice(0, -1);
  const isOneStar = text.startsWith('*') !== text.endsWith('*') && !/[*?[\\/]/.test(rest);
  return isOneStar ? { of: text.startsWith('*') ? 'end' : 'start', text: rest } : undefined;
}

/** PERF: `*.o`, `core.*`, `*~` need two comparisons, 0.2 µs instead of 0.7 µs for a match along the name. */
function compileNameWildcard(text: string, wildcard: Wildcard): Matcher {
  const star = text.indexOf('*');
  if (star !== text.lastIndexOf('*') || /[?[\\]/.test(text))
    return (_path, name) => matchesWildcard(wildcard, name);
  const [prefix, suffix] = [text.slice(0, star), text.slice(star + 1)];
  const shortest = prefix.length + suffix.length;
  return (_path, name) => name.length >= shortest && name.startsWith(prefix) && name.endsWith(suffix);
}

/**
 * Matches as many trailing components as the pattern has. As in rsync, a slash within a class counts but
 * never matches.
 */
function matchesTail(wildcard: Wildcard, path: ByteString, slashCount: number): boolean {
  let start = path.length;
  for (let slashes = 0; slashes <= slashCount; slashes++) {
    if (start < 0) return false;
    start = path.lastIndexOf('/', start - 1);
  }
  return matchesWildcard(wildcard, path.slice(start + 1));
}

/** A double star may match any number of components, so try the whole path and each of its tails. */
function compileDoubleStar(text: string, wildcard: Wildcard): Matcher {
  // Lets a leading double star and its slash match at the root.
  const lead = text.startsWith('**') ? '/' : '';
  const anyComponent = !text.startsWith('/');
  // Lets a trailing `/***` match the directory itself.
  const directoryTail = text.endsWith('***') ? '/' : '';
  return (path, _name, isDirectory) =>
    matchesWildcard(wildcard, lead + path + (isDirectory ? directoryTail : ''), anyComponent);
}
