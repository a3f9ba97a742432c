/** A task file as text: every option that may be set, with its description or the origin of its value. */
import { decodeName, displayName } from '../../model/display-name.ts';
import { DEFAULT_SETTINGS } from '../../model/settings.ts';
import type { GivenOption } from '../options/options.ts';
import {
  nameOf,
  valueOf,
  type OptionDeclaration,
  type OptionGroup,
} from '../options/table/option-declaration.ts';
import { OPTION_GROUPS } from '../options/table/option-table.ts';
import { DEFAULT_PRESENTATION } from '../../report/presentation.ts';
import type { Hooks } from './read-task.ts';
import { FILTER_OPTIONS } from './keys.ts';
import { parseDocument, isMap, isScalar } from 'yaml';
import { UsageError } from '../../model/run/errors.ts';

/**
 * The note beside each value. In both, options not given are comments: a default that is written out may mean
 * more than one that is not, and would override the letters that change it.
 * - `descriptions`: all options, to choose from
 * - `origins`: only options that have a default
 */
export type TaskNotes = 'descriptions' | 'origins';

export interface TaskText {
  /** Name, source, destination and schedule, latin1. */
  readonly operands: readonly GivenOption[];
  readonly given: readonly GivenOption[];
  readonly notes: TaskNotes;
  readonly hooks?: Hooks;
}

/** The column where notes begin. */
const NOTE_COLUMN = 40;

/** @throws UsageError if a value is not valid UTF-8 */
export function formatTask({ operands, given, notes, hooks = {} }: TaskText): string {
  const heading = operands.map(({ key, value, origin }) => lineOf(setting(key, value), origin));
  const groups = OPTION_GROUPS.flatMap((group) => groupLines(group, given, notes));
  return `${[...heading, ...hookLines(hooks), ...groups].join('\n')}\n`;
}

function hookLines(hooks: Hooks): string[] {
  const lines = Object.entries(hooks).map(([key, command]) => `  ${setting(key, command as string)}`);
  return lines.length === 0 ? [] : ['hooks:', ...lines];
}

function groupLines(
  { heading, options }: OptionGroup,
  given: readonly GivenOption[],
  notes: TaskNotes,
): string[] {
  const lines = options
    .filter(({ isFilter, isForTasks }) => isFilter !== true && isForTasks !== false)
    .flatMap((declaration) => optionLine(declaration, given, notes) ?? []);
  if (options.some(({ isFilter }) => isFilter)) lines.push(...filterLines(given, notes));
  return lines.length === 0 ? [] : ['', `# ${heading.replace(/:$/, '')}`, ...lines];
}

function optionLine(
  declaration: OptionDeclaration,
  given: readonly GivenOption[],
  notes: TaskNotes,
): string | string[] | undefined {
  const { description, isAbbreviation, isRepeatable } = declaration;
  const key = nameOf(declaration.flags);
  const option = lastOf(key, given);
  const all = isRepeatable ? given.filter((each) => each.key === key) : [];
  if (all.length > 1) return [`${key}:`, ...all.map((each) => listLine(each, notes))];
  if (option !== undefined) {
    return lineOf(setting(key, option.value), notes === 'origins' ? option.origin : description);
  }
  if (isAbbreviation) return undefined;
  const standard = standardOf(declaration);
  if (notes === 'descriptions') return lineOf(`#${key}: ${standard ?? ''}`, description);
  return standard === undefined ? undefined : lineOf(`#${key}: ${standard}`, 'default');
}

/** The value that may be written for the default. */
function standardOf(declaration: OptionDeclaration): string | undefined {
  const value = declaration.standard ?? defaultOf(declaration);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return valueOf(declaration) === 'none' ? 'false' : undefined;
}

function defaultOf({ setting: field, presentation }: OptionDeclaration): unknown {
  if (field !== undefined) return DEFAULT_SETTINGS[field];
  return presentation && DEFAULT_PRESENTATION[presentation];
}

/** The last use wins, also between `--verify=MODE` and `--no-verify`. */
function lastOf(key: string, given: readonly GivenOption[]): GivenOption | undefined {
  const opposite = key.startsWith('no-') ? key.slice('no-'.length) : `no-${key}`;
  const last = given.findLast((each) => each.key === key || each.key === opposite);
  return last?.key === key ? last : undefined;
}

function listLine({ key, value, origin }: GivenOption, notes: TaskNotes): string {
  return lineOf(`  - ${yamlScalar(key, value)}`, notes === 'origins' ? origin : '');
}

function filterLines(given: readonly GivenOption[], notes: TaskNotes): string[] {
  const rules = given.filter(({ key }) => FILTER_OPTIONS.includes(key));
  if (rules.length === 0) return notes === 'descriptions' ? ['#filters:', '#  - exclude: "*.tmp"'] : [];
  const lines = rules.map(({ key, value, origin }) =>
    lineOf(`  - ${setting(key, value)}`, notes === 'origins' ? origin : ''),
  );
  return ['filters:', ...lines];
}

/** @param note latin1: it may name a file of the user's */
function lineOf(text: string, note: string): string {
  return note === '' ? text.trimEnd() : `${text.padEnd(NOTE_COLUMN - 1)} # ${displayName(note)}`;
}

function setting(key: string, value: string | boolean): string {
  return `${key}: ${yamlScalar(key, value)}`;
}

/** Characters that are invisible or move others: written as an escape. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/u;
const MAY_NEED_ESCAPES = /["\\]|[\p{C}\p{Zl}\p{Zp}]/gu;
const DIGITS_OF_SHORT_ESCAPE = 4;

/** @param value latin1 @throws UsageError if its bytes are not valid UTF-8 */
function yamlScalar(key: string, value: string | boolean): string {
  if (typeof value === 'boolean') return String(value);
  const { text, exact } = decodeName(value);
  if (!exact) {
    throw new UsageError(
      `a task file must be UTF-8, but the value of '${key}' is not: ${displayName(value)}`,
    );
  }
  return isReadAsItStands(text) ? text : `"${text.replace(MAY_NEED_ESCAPES, escaped)}"`;
}

/** Asks the parser itself. To the parser a number is text, as written. */
function isReadAsItStands(text: string): boolean {
  if (text === '' || HIDDEN.test(text)) return false;
  const { contents, errors, warnings } = parseDocument(`key: ${text}\n`, { schema: 'core' });
  if (errors.length > 0 || warnings.length > 0 || !isMap(contents)) return false;
  const value = contents.items[0]?.value;
  if (!isScalar(value) || value.type !== 'PLAIN' || value.anchor !== undefined || value.tag !== undefined)
    return false;
  return typeof value.value === 'number' ? value.source === text : value.value === text;
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const hex = (character.codePointAt(0) as number).toString(16);
  return hex.length > DIGITS_OF_SHORT_ESCAPE ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
