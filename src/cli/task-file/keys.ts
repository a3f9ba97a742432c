/** Every key of a task file: its own keys, and the command line's options by name. */
import { nameOf, namesIn, valueOf, type OptionDeclaration } from '../options/table/option-declaration.ts';
import { OPTIONS } from '../options/table/option-table.ts';
import { RSYNC_OPTIONS } from '../options/table/rsync-options.ts';
import { REFUSED } from '../options/table/rsync-refusals.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface OwnKey {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

const TEXT: JsonSchema = { type: 'string', minLength: 1 };
const TEXTS: JsonSchema = { anyOf: [TEXT, { type: 'array', items: TEXT }] };

export const FILTER_OPTIONS: readonly string[] = OPTIONS.flatMap(({ flags, isFilter }) =>
  isFilter ? [nameOf(flags)] : [],
);

const RULE: JsonSchema = {
  type: 'object',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: Object.fromEntries(FILTER_OPTIONS.map((name) => [name, TEXT])),
};

export const OWN_KEYS: readonly OwnKey[] = [
  { name: 'name', description: 'name of the task (default: the name of the file)', schema: TEXT },
  { name: 'source', description: 'directory whose contents are copied', schema: TEXT },
  { name: 'destination', description: 'directory to copy them to', schema: TEXT },
  {
    name: 'filters',
    description:
      'filter rules in order, each a map with one key: exclude, include, exclude-from, include-from or filter',
    schema: { type: 'array', items: RULE },
  },
  {
    name: 'schedule',
    description: 'when it should run, as a note for people: efs-sync starts nothing by itself',
    schema: TEXT,
  },
  {
    name: 'hooks',
    description: 'shell commands to run before the sync, which they can prevent, and after it',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        before: { ...TEXT, description: 'if it fails, nothing is synced' },
        after: { ...TEXT, description: 'runs whether or not the sync succeeded' },
      },
    },
  },
];

export const OPTION_KEYS: ReadonlyMap<string, OptionDeclaration> = new Map(
  OPTIONS.filter(({ isForTasks }) => isForTasks !== false).map((declaration) => [
    nameOf(declaration.flags),
    declaration,
  ]),
);

/** Describes valid values to an editor; their meaning is left to the option's parser. */
export function schemaOf(declaration: OptionDeclaration): JsonSchema {
  const { description, choices, schema = TEXT, isFilter, isRepeatable } = declaration;
  if (valueOf(declaration) === 'none') return { description, type: 'boolean' };
  const value = isFilter || isRepeatable ? TEXTS : choices === undefined ? schema : { enum: choices };
  if (valueOf(declaration) === 'needed') return { description, ...value };
  return { description, anyOf: [{ type: 'boolean' }, value] };
}

/** What to do about a key that is an option of rsync. Undefined if it is none. */
export function rsyncKeyHint(key: string): string | undefined {
  const option = RSYNC_OPTIONS.find(({ flags }) => namesIn(flags).includes(`--${key}`));
  if (option === undefined) return undefined;
  const refusal = REFUSED.find(({ flags }) => flags === option.flags);
  if (refusal !== undefined) return `there is no key '${key}': ${refusal.reason}`;
  const meant = option.flags.includes('=') ? [] : option.means('');
  if (meant.length === 0) return `there is no key '${key}': nothing needs doing, leave it out`;
  return `there is no key '${key}': use the key for ${meant.join(' ')}`;
}
