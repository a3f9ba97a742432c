/** Every key of a task file: those of its own, and the options of the command line by their names. */
import { OPTION_GROUPS, type OptionDeclaration } from '../option-table.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface OwnKey {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

const TEXT: JsonSchema = { type: 'string', minLength: 1 };
const TEXTS: JsonSchema = { anyOf: [TEXT, { type: 'array', items: TEXT }] };

export const FILTER_OPTIONS = ['exclude', 'include', 'exclude-from', 'include-from'] as const;

const RULE: JsonSchema = {
  type: 'object',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: Object.fromEntries(FILTER_OPTIONS.map((name) => [name, TEXT])),
};

export const OWN_KEYS: readonly OwnKey[] = [
  { name: 'name', description: 'what the task is called; the name of the file unless given', schema: TEXT },
  { name: 'source', description: 'directory whose contents are copied', schema: TEXT },
  { name: 'destination', description: 'directory that gets them', schema: TEXT },
  {
    name: 'filters',
    description:
      'filter rules in their order, each a map of one key: exclude, include, exclude-from or include-from',
    schema: { type: 'array', items: RULE },
  },
  {
    name: 'schedule',
    description: 'when it is meant to run, for people: efs-sync starts nothing by itself',
    schema: TEXT,
  },
  {
    name: 'hooks',
    description: 'shell commands: before the sync, which they can prevent, and after it',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        before: { ...TEXT, description: 'fails: nothing is synced' },
        after: { ...TEXT, description: 'runs however the sync ended' },
      },
    },
  },
];

/** `--max-delete <N|P%>` -> `max-delete`; an option of one letter has no other name. */
export function keyOf({ flags }: OptionDeclaration): string {
  return (/--([\w-]+)/.exec(flags) ?? /^-(\w)/.exec(flags))?.[1] as string;
}

/** Whether it is given with a value, perhaps, or without one. */
export function valueOf({ flags }: OptionDeclaration): 'needed' | 'optional' | 'none' {
  if (flags.includes('<')) return 'needed';
  return flags.includes('[') ? 'optional' : 'none';
}

export const OPTION_KEYS: ReadonlyMap<string, OptionDeclaration> = new Map(
  OPTION_GROUPS.flatMap(({ options }) => options)
    .filter((declaration) => declaration.isForTasks !== false)
    .map((declaration) => [keyOf(declaration), declaration]),
);

/** What an editor is told a value may be; what it means, the option's own parser says. */
export function schemaOf(declaration: OptionDeclaration): JsonSchema {
  const { description, choices, schema = TEXT, isFilter } = declaration;
  if (valueOf(declaration) === 'none') return { description, type: 'boolean' };
  const value = isFilter ? TEXTS : choices === undefined ? schema : { enum: choices };
  if (valueOf(declaration) === 'needed') return { description, ...value };
  return { description, anyOf: [{ type: 'boolean' }, value] };
}
