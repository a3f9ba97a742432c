/** Parses lists of filter rules and of --files-from paths: syntax only, no disk access. */
import type { ByteString } from '../../model/byte-string.ts';
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { FilterList, FilterRule } from '../../model/filter-list.ts';

export interface RuleFileFormat {
  /** The action of a line without a prefix. */
  readonly action: FilterRule['action'];
  /** `--from0`: rules end with a NUL, not a line end. */
  readonly from0: boolean;
  readonly file: ByteString;
}

/** Adds one `--exclude` or `--include` argument to the rules; a lone `!` clears all rules before it. */
export function withRule(rules: FilterList, argument: string, action: FilterRule['action']): FilterList {
  const line = readLine(argument, action);
  if (line === 'clear') return [];
  if (line === 'no pattern')
    throw new UsageError(`the filter rule "${displayName(argument)}" has no pattern`);
  return line === undefined ? rules : [...rules, line];
}

/** Adds the rules of an `--exclude-from` or `--include-from` file. */
export function withRuleFile(rules: FilterList, text: string, format: RuleFileFormat): FilterList {
  let result = [...rules];
  for (const [index, line] of text.split(format.from0 ? '\0' : /\r\n|\r|\n/).entries()) {
    if (line.startsWith('#') || line.startsWith(';')) continue;
    const rule = readLine(line, format.action);
    if (rule === 'no pattern') throw new UsageError(`the filter rule in line ${index + 1} has no pattern`);
    if (rule === 'clear') result = [];
    else if (rule !== undefined) result.push({ ...rule, from: { file: format.file, line: index + 1 } });
  }
  return result;
}

/** Undefined for an empty line. Spaces around a pattern belong to it. */
function readLine(
  line: string,
  action: FilterRule['action'],
): FilterRule | 'clear' | 'no pattern' | undefined {
  // rsync reads C strings: a stray NUL ends the rule.
  const text = line.replace(/\0.*/s, '');
  if (text === '') return undefined;
  if (text === '!') return 'clear';
  const prefix = text.slice(0, 2);
  if (prefix !== '+ ' && prefix !== '- ') return { action, pattern: text };
  if (text.length === 2) return 'no pattern';
  return { action: prefix === '+ ' ? 'include' : 'exclude', pattern: text.slice(2) };
}

/**
 * Paths relative to the source, latin1, in the order of the list, without empty, `.` and `..` components. The
 * text may come in parts cut anywhere. As in rsync a trailing slash stays: it means the directory and its
 * direct children. `.` is the source itself.
 */
export function* parseFilesFrom(parts: Iterable<string>, from0: boolean): Iterable<string> {
  let lineNumber = 0;
  for (const text of wholeLines(parts, from0 ? '\0' : '\n')) {
    for (const line of text.split(from0 ? '\0' : /\r\n|\r|\n/)) {
      lineNumber++;
      // Programs write lists that end with NULs, and people write comments.
      if (line === '' || (!from0 && (line.startsWith('#') || line.startsWith(';')))) continue;
      yield cleanPath(line, lineNumber);
    }
  }
}

/** Yields the same text in whole lines, without their ends. */
function* wholeLines(parts: Iterable<string>, lineEnd: string): Iterable<string> {
  let pending = '';
  for (const part of parts) {
    pending += part;
    const end = pending.lastIndexOf(lineEnd);
    if (end === -1) continue;
    // A carriage return before it belongs to the line end.
    const isPair = lineEnd === '\n' && pending[end - 1] === '\r';
    yield pending.slice(0, isPair ? end - 1 : end);
    pending = pending.slice(end + 1);
  }
  yield pending;
}

function cleanPath(line: string, lineNumber: number): ByteString {
  if (line.includes('\0')) {
    throw new UsageError(`line ${lineNumber} of the list contains a NUL byte: is --from0 missing?`);
  }
  const components = line.split('/');
  const names: ByteString[] = [];
  for (const component of components) {
    if (component === '' || component === '.') continue;
    if (component !== '..') names.push(component);
    else if (names.pop() === undefined) {
      throw new UsageError(`line ${lineNumber} of the list leads out of the source with ".."`);
    }
  }
  if (names.length === 0) return '.';
  return names.join('/') + (isOfName(components.at(-1)) ? '' : '/');
}

function isOfName(component: string | undefined): boolean {
  return component !== '' && component !== '.' && component !== '..';
}
