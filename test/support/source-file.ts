/** What a source file imports and contains, from its text alone: enough to check rules about it. */
import { posix } from 'node:path';

export interface SourceFile {
  /** Relative to the repository, such as `src/policy/compare/compare.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text without comments and strings. */
  readonly code: string;
  /** Source files it imports. */
  readonly imports: readonly string[];
  /** Source files that it starts as separate scripts. */
  readonly scripts: readonly string[];
  /** Packages and `node:` modules that it loads in any way. */
  readonly packages: readonly string[];
}

const COMMENT = String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*`;
const STRING = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`;
const TEMPLATE = '`(?:\\\\.|[^`\\\\])*`';
const TOKENS = new RegExp(`(${COMMENT})|(${STRING})|(${TEMPLATE})`, 'g');
const EXPRESSION = /\$\{([^}]*)\}/g;
const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g;
const SCRIPT = /new URL\(\s*'(\.[^']+\.[jt]s)'/g;
const PACKAGE = /(?:\bfrom\s*|\bimport\s*\(?\s*|[rR]equire(?:\([^()]*\))?\(\s*)'([^'.][^']*)'/g;

export function parseSource(path: string, text: string): SourceFile {
  const uncommented = text.replaceAll(TOKENS, (token, comment?: string) =>
    comment === undefined ? token : '',
  );
  return {
    path,
    text,
    code: withoutStrings(uncommented),
    imports: capture(uncommented, IMPORT).map((name) => resolve(path, name)),
    scripts: capture(uncommented, SCRIPT).map((name) => resolve(path, name)),
    packages: capture(uncommented, PACKAGE),
  };
}

/** Expressions in a template are code; its text is not. */
function withoutStrings(text: string): string {
  return text.replaceAll(TOKENS, (token) => (token.startsWith('`') ? expressionsIn(token) : "''"));
}

function expressionsIn(template: string): string {
  return capture(template, EXPRESSION).join(' ');
}

function capture(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function resolve(path: string, name: string): string {
  return posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts');
}
