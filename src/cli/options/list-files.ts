/** Lists that a user names: files, patterns of names, or standard input. */
import { promises as fs } from 'node:fs';
import { createRequire } from 'node:module';
import { SyncError, UsageError } from '../../model/run/errors.ts';
import { reasonOf } from '../../report/error-reason.ts';
import { decodeName, displayName, utf8Bytes } from '../../model/display-name.ts';
import { within, type Patience } from '../../flow/patience.ts';
import { readParts, type Reading } from '../../filesystem/operator-files/pooled-io.ts';

const NOTHING = Buffer.alloc(0);

/** Name and text are latin1. */
export interface NamedList {
  readonly name: string;
  readonly text: string;
}

/** Gives each list that `value` names, sorted by name. @throws UsageError, Interrupted, TimedOut */
export async function readLists(option: string, value: string, patience: Patience): Promise<NamedList[]> {
  const lists = await openLists(option, value, patience);
  return lists.map(({ name, parts }) => ({ name, text: [...parts].join('') }));
}

/** The same in parts, each freed once it is used: a list may be large. */
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

/** PERF: takes 27 ms, so it is loaded only when a list is named. */
function loadFastGlob(): typeof import('fast-glob') {
  return createRequire(import.meta.url)('fast-glob') as typeof import('fast-glob');
}

/**
 * An existing name is that file, even if it contains pattern characters. @throws UsageError, Interrupted,
 * TimedOut
 */
export async function expandPattern(value: string, { patience, shown }: Reading): Promise<string[]> {
  if (value === '') throw new UsageError(`cannot read ${shown}: the name is empty; is a variable not set?`);
  const names = await orRefused(shown, () => within(patience, shown, findNames(value)));
  if (names === undefined) return [value];
  if (names.length === 0) throw new UsageError(`cannot read ${shown}: no file matches the pattern`);
  return names.map(utf8Bytes).toSorted();
}

/** Undefined if it is no pattern. */
async function findNames(value: string): Promise<string[] | undefined> {
  if (await isThere(value)) return undefined;
  const { text } = decodeName(value);
  const fastGlob = loadFastGlob();
  if (!fastGlob.isDynamicPattern(text)) return undefined;
  return fastGlob.async(text, { dot: true, followSymbolicLinks: false });
}

/** True also if it cannot be looked at: reading it then reports the reason. */
export async function isThere(name: string): Promise<boolean> {
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
