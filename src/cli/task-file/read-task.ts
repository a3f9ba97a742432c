/** A task file, checked key by key -> what it asks for, as the command line would have said it. */
import { basename, extname } from 'node:path';
import type { CommandLine } from '../options.ts';
import type { Patience } from '../patience.ts';
import { DATA_SYNC_KEYS, fromDataSync, unknownKey } from './data-sync.ts';
import { FILTER_OPTIONS, OPTION_KEYS, OWN_KEYS } from './keys.ts';
import { errorAt, textOf, type LocatedEntry, type LocatedMap } from './located.ts';
import { readDocument } from './read-document.ts';
import { readOption, type ReadOptions } from './read-option.ts';

export interface Hooks {
  /** Shell commands, latin1. */
  readonly before?: string;
  readonly after?: string;
}

export interface TaskFile extends Pick<
  CommandLine,
  'source' | 'destination' | 'options' | 'filters' | 'given'
> {
  /** As the user named it, latin1. */
  readonly file: string;
  readonly name: string;
  readonly schedule: string | undefined;
  readonly hooks: Hooks;
}

/** Filled entry by entry. */
interface Reading extends ReadOptions {
  readonly texts: Map<string, string>;
  hooks: Hooks;
}

/** @throws UsageError that names file, line and column; Interrupted, TimedOut */
export async function readTask(file: string, patience: Patience): Promise<TaskFile> {
  const document = await readDocument(file, patience);
  const reading: Reading = { options: {}, filters: [], given: [], texts: new Map(), hooks: {} };
  for (const entry of document.entries) readEntry(entry, reading);
  const { options, filters, given, texts, hooks } = reading;
  const needed = (key: string): string => {
    const text = texts.get(key);
    if (text === undefined || text === '') throw errorAt(document.at, `the task has no '${key}'`);
    return text;
  };
  return {
    file,
    name: texts.get('name') ?? basename(file, extname(file)),
    source: needed('source'),
    destination: needed('destination'),
    schedule: texts.get('schedule'),
    options,
    filters,
    given,
    hooks,
  };
}

function readEntry(entry: LocatedEntry, reading: Reading): void {
  const { key, value, at } = entry;
  const declaration = OPTION_KEYS.get(key);
  if (declaration !== undefined) readOption(entry, declaration, reading);
  else if (key === 'filters') readFilters(entry, reading);
  else if (key === 'hooks') reading.hooks = readHooks(entry);
  else if (OWN_KEYS.some(({ name }) => name === key)) reading.texts.set(key, givenText(entry, reading));
  else if ((DATA_SYNC_KEYS as readonly string[]).includes(key)) {
    for (const translated of fromDataSync(entry)) readEntry(translated, reading);
  } else if (key !== '$schema') throw errorAt(at, unknownKey(key, knownKeys()));
  else textOf(value, key);
}

function givenText({ key, value, at }: LocatedEntry, { given }: Reading): string {
  const text = textOf(value, key);
  given.push({ key, value: text, origin: `${at.file}:${at.line}` });
  return text;
}

/** Rules whose order goes from one kind to another: maps of one key each. */
function readFilters({ key, value }: LocatedEntry, reading: Reading): void {
  if (value.kind !== 'a list') throw errorAt(value.at, `'${key}' is a list, and this is ${value.kind}`);
  for (const rule of value.items) {
    const [entry, ...others] = rule.kind === 'a map' ? rule.entries : [];
    if (entry === undefined || others.length > 0) {
      throw errorAt(rule.at, `a rule is a map of one key: ${FILTER_OPTIONS.join(', ')}`);
    }
    const declaration = OPTION_KEYS.get(entry.key);
    if (declaration?.isFilter !== true) throw errorAt(entry.at, unknownKey(entry.key, FILTER_OPTIONS));
    readOption(entry, declaration, reading);
  }
}

function readHooks({ key, value }: LocatedEntry): Hooks {
  if (value.kind !== 'a map')
    throw errorAt(value.at, `'${key}' is a map of before and after, and this is ${value.kind}`);
  return Object.fromEntries(hookEntries(value));
}

function hookEntries({ entries }: LocatedMap): (readonly [string, string])[] {
  return entries.map((entry) => {
    if (entry.key !== 'before' && entry.key !== 'after') {
      throw errorAt(entry.at, unknownKey(entry.key, ['before', 'after']));
    }
    return [entry.key, textOf(entry.value, entry.key)] as const;
  });
}

function knownKeys(): string[] {
  return [...OWN_KEYS.map(({ name }) => name), ...OPTION_KEYS.keys(), ...DATA_SYNC_KEYS];
}
