/** The lists a user gives by name: files, patterns of names, or standard input. */
import { promises as fs } from 'node:fs';
import { createRequire } from 'node:module';
import { SyncError, UsageError } from '../errors.ts';
import { reasonOf } from './error-reason.ts';
import { decodeName, displayName, utf8Bytes } from '../model/display-name.ts';
import { within, type Patience } from './patience.ts';
import { readParts, type Reading } from './read-input.ts';

const NOTHING = Buffer.alloc(0);

/** Name and text are latin1. */
export interface NamedList {
  readonly name: string;
  readonly text: string;
}

/** Each list that `value` names, in the order of their names. @throws UsageError, Interrupted, TimedOut */
export async function readLists(option: string, value: string, patience: Patience): Promise<NamedList[]> {
  const lists = await openLists(option, value, patience);
  return lists.map(({ name, parts }) => ({ name, text: [...parts].join('') }));
}

/** The same in parts, each let go of once it is taken: a list may be large. */
export async function openLists(
  option: string,
  value: string,
  patience: Patience,
): Promise<{ name: string; parts: Iterable<string> }[]> {
  const reading = { patience, shown: `--${option}=${displayName(value)}` };
  const names = value === '-' ? [undefined] : await expandPattern(value, reading);
  const lists: { name: string; parts: Iterable<string> }[] = [];
  for (const name of names) {
    const shown = `--${option}=${displayName(name ?? value)}`;
    const parts = await orRefused(shown, () => readParts(name, { patience, shown }));
    lists.push({ name: name ?? value, parts: taken(parts) });
  }
  return lists;
}

function* taken(parts: Buffer[]): Iterable<string> {
  for (const [index, part] of parts.entries()) {
    parts[index] = NOTHING;
    yield part.toString('latin1');
  }
}

/** PERF: 27 ms, loaded only when a list is named. */
function loadFastGlob(): typeof import('fast-glob') {
  return createRequire(import.meta.url)('fast-glob') as typeof import('fast-glob');
}

/** A name that exists is that file, whatever characters are in it. @throws UsageError, Interrupted, TimedOut */
export async function expandPattern(value: string, { patience, shown }: Reading): Promise<string[]> {
  if (value === '') throw new UsageError(`cannot read ${shown}: the name is empty; is a variable not set?`);
  const names = await orRefused(shown, () => within(patience, shown, findNames(value)));
  if (names === undefined) return [value];
  if (names.length === 0) throw new UsageError(`cannot read ${shown}: no file matches the pattern`);
  return names.map(utf8Bytes).toSorted();
}

/** Undefined: it is no pattern. */
async function findNames(value: string): Promise<string[] | undefined> {
  if (await exists(value)) return undefined;
  const { text } = decodeName(value);
  const fastGlob = loadFastGlob();
  if (!fastGlob.isDynamicPattern(text)) return undefined;
  return fastGlob.async(text, { dot: true, followSymbolicLinks: false });
}

/** Also what cannot be looked at: to read it gives the reason. */
async function exists(name: string): Promise<boolean> {
  try {
    await fs.stat(Buffer.from(name, 'latin1'));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

async function orRefused<Value>(shown: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SyncError) throw error;
    throw new UsageError(`cannot read ${shown}: ${reasonOf(error)}`, { cause: error });
  }
}
