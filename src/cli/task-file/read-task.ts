/**
 * Reads a task file and checks it key by key -> the same request as a command line makes; the command line
 * overrides it.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { basename, extname } from 'node:path';
import { besideFile } from '../../filesystem/operator-files/absolute-path.ts';
import type { CommandLine, GivenOption, RunCommandLine } from '../options/options.ts';
import { keepRelative } from '../options/relative-source.ts';
import { isForeignOperand } from '../../policy/names/foreign-operand.ts';
import type { Patience } from '../../flow/patience.ts';
import { DATA_SYNC_KEYS, fromDataSync, unknownKey } from './data-sync.ts';
import { FILTER_OPTIONS, OPTION_KEYS, OWN_KEYS, rsyncKeyHint } from './keys.ts';
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
  readonly file: ByteString;
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
export async function readTask(file: ByteString, patience: Patience): Promise<TaskFile> {
  const document = await readDocument(file, patience);
  const reading: Reading = { options: {}, filters: [], given: [], texts: new Map(), hooks: {} };
  for (const entry of relativeFirst(document.entries)) readKey(entry, reading);
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

function readKey(entry: LocatedEntry, reading: Reading): void {
  const { key, value, at } = entry;
  const declaration = OPTION_KEYS.get(key);
  if (declaration !== undefined) readOption(entry, declaration, reading);
  else if (key === 'filters') readFilters(entry, reading);
  else if (key === 'hooks') reading.hooks = readHooks(entry);
  else if (OWN_KEYS.some(({ name }) => name === key)) reading.texts.set(key, givenText(entry, reading));
  else if ((DATA_SYNC_KEYS as readonly string[]).includes(key)) {
    for (const translated of fromDataSync(entry)) readKey(translated, reading);
  } else if (key !== '$schema') throw errorAt(at, rsyncKeyHint(key) ?? unknownKey(key, knownKeys()));
  else textOf(value, key);
}

/** It says how the source is to be read, wherever it stands. */
function relativeFirst(entries: readonly LocatedEntry[]): readonly LocatedEntry[] {
  return entries.toSorted((one, other) => Number(other.key === 'relative') - Number(one.key === 'relative'));
}

function givenText({ key, value, at }: LocatedEntry, { given, options }: Reading): string {
  const written = textOf(value, key);
  const isRoot = (key === 'source' || key === 'destination') && written !== '';
  // Such a name stays what it is, for the message that explains it.
  const beside = (path: ByteString) => besideFile(at.file, path);
  const isRelative = key === 'source' && options['relative'] === true;
  const absolute = isRelative ? keepRelative(written, beside) : beside(written);
  const text = isRoot && !isForeignOperand(written) ? absolute : written;
  given.push({ key, value: text, origin: `${at.file}:${at.line}` });
  return text;
}

/** Rules of several kinds in one order: a list of maps with one key each. */
export function readFilters({ key, value }: LocatedEntry, reading: ReadOptions): void {
  if (value.kind !== 'a list') throw errorAt(value.at, `'${key}' must be a list, but this is ${value.kind}`);
  for (const rule of value.items) {
    const [entry, ...others] = rule.kind === 'a map' ? rule.entries : [];
    if (entry === undefined || others.length > 0) {
      throw errorAt(rule.at, `a rule must be a map with one key: ${FILTER_OPTIONS.join(', ')}`);
    }
    const declaration = OPTION_KEYS.get(entry.key);
    if (declaration?.isFilter !== true) throw errorAt(entry.at, unknownKey(entry.key, FILTER_OPTIONS));
    readOption(entry, declaration, reading);
  }
}

function readHooks({ key, value }: LocatedEntry): Hooks {
  if (value.kind !== 'a map')
    throw errorAt(value.at, `'${key}' must be a map of before and after, but this is ${value.kind}`);
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

/** Filter rules of the command line come first, so that they match first. */
export function overrideTask(taskFile: TaskFile, line: RunCommandLine): CommandLine {
  const { source, destination, name, file, schedule, hooks } = taskFile;
  return {
    command: 'sync',
    source,
    destination,
    options: { ...taskFile.options, ...line.options },
    filters: [...line.filters, ...taskFile.filters],
    given: [
      ...line.given,
      ...taskFile.given.filter((option) => isFilter(option) || !isIn(line.given, option)),
    ],
    task: { name, file, schedule, hooks },
  };
}

function isFilter({ key }: GivenOption): boolean {
  return FILTER_OPTIONS.includes(key);
}

function isIn(given: readonly GivenOption[], { key }: GivenOption): boolean {
  return given.some((option) => option.key === key);
}
