/** A task file as text: every option that may be set, with what it does, or with where its value comes from. */
import { displayName } from '../../model/display-name.ts';
import { OPTION_GROUPS, type OptionDeclaration, type OptionGroup } from '../option-table.ts';
import type { GivenOption } from '../options.ts';
import type { Hooks } from './read-task.ts';
import { FILTER_OPTIONS, keyOf, valueOf } from './keys.ts';
import { yamlScalar } from './yaml-scalar.ts';

/**
 * What stands beside each value. Options that were not given are comments in both: a default that is written out may
 * mean more than one that is not, and would go before the letters that change it.
 * - `descriptions`: all of them, to take up
 * - `origins`: those of which there is a default
 */
export type TaskNotes = 'descriptions' | 'origins';

export interface TaskText {
  /** Name, source, destination and schedule, latin1. */
  readonly operands: readonly GivenOption[];
  readonly given: readonly GivenOption[];
  readonly notes: TaskNotes;
  readonly hooks?: Hooks;
}

/** Where notes begin. */
const NOTE_COLUMN = 40;

/** @throws UsageError where a value is no text */
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
): string | undefined {
  const { description, isAbbreviation } = declaration;
  const key = keyOf(declaration);
  const option = lastOf(key, given);
  if (option !== undefined) {
    return lineOf(setting(key, option.value), notes === 'origins' ? option.origin : description);
  }
  if (isAbbreviation) return undefined;
  const standard = declaration.standard ?? (valueOf(declaration) === 'none' ? 'false' : undefined);
  if (notes === 'descriptions') return lineOf(`#${key}: ${standard ?? ''}`, description);
  return standard === undefined ? undefined : lineOf(`#${key}: ${standard}`, 'default');
}

/** The last one holds, also of `--verify=MODE` and `--no-verify`. */
function lastOf(key: string, given: readonly GivenOption[]): GivenOption | undefined {
  const opposite = key.startsWith('no-') ? key.slice('no-'.length) : `no-${key}`;
  const last = given.findLast((each) => each.key === key || each.key === opposite);
  return last?.key === key ? last : undefined;
}

function filterLines(given: readonly GivenOption[], notes: TaskNotes): string[] {
  const rules = given.filter(({ key }) => (FILTER_OPTIONS as readonly string[]).includes(key));
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
