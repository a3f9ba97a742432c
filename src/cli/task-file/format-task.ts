/** A task file as text: every option that may be set, with what it does, or with where its value comes from. */
import { stringify } from 'yaml';
import { OPTION_GROUPS, type OptionDeclaration, type OptionGroup } from '../option-table.ts';
import type { GivenOption } from '../options.ts';
import { FILTER_OPTIONS, keyOf, valueOf } from './keys.ts';

/**
 * - `descriptions`: options that were not given are comments, to take up
 * - `origins`: they have the value that holds
 */
export type TaskNotes = 'descriptions' | 'origins';

export interface TaskText {
  /** Name, source and destination, latin1. */
  readonly operands: readonly GivenOption[];
  readonly given: readonly GivenOption[];
  readonly notes: TaskNotes;
}

/** Where comments begin. */
const NOTE_COLUMN = 40;

export function formatTask({ operands, given, notes }: TaskText): string {
  const heading = operands.map(({ key, value, origin }) => lineOf(`${key}: ${scalar(value)}`, origin));
  const groups = OPTION_GROUPS.flatMap((group) => groupLines(group, given, notes));
  return `${[...heading, ...groups].join('\n')}\n`;
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
  const option = given.find((each) => each.key === key);
  if (option !== undefined) {
    return lineOf(`${key}: ${scalar(option.value)}`, notes === 'origins' ? option.origin : description);
  }
  const standard = declaration.standard ?? (valueOf(declaration) === 'none' ? 'false' : undefined);
  if (isAbbreviation) return undefined;
  if (notes === 'descriptions') return lineOf(`#${key}: ${standard ?? ''}`, description);
  return standard === undefined ? undefined : lineOf(`${key}: ${standard}`, 'default');
}

function filterLines(given: readonly GivenOption[], notes: TaskNotes): string[] {
  const rules = given.filter(({ key }) => (FILTER_OPTIONS as readonly string[]).includes(key));
  if (rules.length === 0) return notes === 'descriptions' ? ['#filters:', '#  - exclude: "*.tmp"'] : [];
  const lines = rules.map(({ key, value, origin }) =>
    lineOf(`  - ${key}: ${scalar(value)}`, notes === 'origins' ? origin : ''),
  );
  return ['filters:', ...lines];
}

function lineOf(setting: string, note: string): string {
  return note === '' ? setting.trimEnd() : `${setting.padEnd(NOTE_COLUMN - 1)} # ${note}`;
}

function scalar(value: string | boolean): string {
  if (typeof value === 'boolean') return String(value);
  // YAML would quote what is a number: here it is text as it stands.
  if (/^\d+$/.test(value)) return value;
  return stringify(Buffer.from(value, 'latin1').toString(), { lineWidth: 0 }).trimEnd();
}
