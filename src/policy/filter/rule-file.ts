/** Reads filter rules as --exclude, --include and their -from files give them; only the syntax, no disk. */
import { UsageError } from '../../errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { FilterRule } from '../../model/settings.ts';

export interface RuleFileFormat {
  /** What a line without a prefix does. */
  readonly action: FilterRule['action'];
  /** `--from0`: rules end with a NUL, not a line end. */
  readonly from0: boolean;
}

/** The rules with one `--exclude` or `--include` argument added; a lone `!` takes back all before it. */
export function withRule(
  rules: readonly FilterRule[],
  argument: string,
  action: FilterRule['action'],
): readonly FilterRule[] {
  const line = readLine(argument, action);
  if (line === 'clear') return [];
  if (line === 'no pattern')
    throw new UsageError(`the filter rule "${displayName(argument)}" has no pattern`);
  return line === undefined ? rules : [...rules, line];
}

/** The rules with those of an `--exclude-from` or `--include-from` file added. */
export function withRuleFile(
  rules: readonly FilterRule[],
  text: string,
  format: RuleFileFormat,
): readonly FilterRule[] {
  let result = [...rules];
  for (const [index, line] of text.split(format.from0 ? '\0' : /\r\n|\r|\n/).entries()) {
    if (line.startsWith('#') || line.startsWith(';')) continue;
    const rule = readLine(line, format.action);
    if (rule === 'no pattern') throw new UsageError(`the filter rule in line ${index + 1} has no pattern`);
    if (rule === 'clear') result = [];
    else if (rule !== undefined) result.push(rule);
  }
  return result;
}

/** Undefined for an empty line. Spaces around a pattern belong to it. */
function readLine(
  line: string,
  action: FilterRule['action'],
): FilterRule | 'clear' | 'no pattern' | undefined {
  // rsync reads C strings: a stray NUL ends the rule.
  const [text = ''] = line.split('\0', 1);
  if (text === '') return undefined;
  if (text === '!') return 'clear';
  const prefix = text.slice(0, 2);
  if (prefix !== '+ ' && prefix !== '- ') return { action, pattern: text };
  if (text.length === 2) return 'no pattern';
  return { action: prefix === '+ ' ? 'include' : 'exclude', pattern: text.slice(2) };
}
