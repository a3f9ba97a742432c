/** The lists a user gives by name: files, patterns of names, or standard input. */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { UsageError } from '../errors.ts';
import { reasonOf } from './error-reason.ts';
import { decodeName, displayName, utf8Bytes } from '../model/display-name.ts';

/** Name and text are latin1. */
export interface NamedList {
  readonly name: string;
  readonly text: string;
}

/** Each list that `value` names, in the order of their names. */
export function readLists(option: string, value: string): NamedList[] {
  if (value === '-') return [readList(option, '-', 0)];
  return expandPattern(value, `--${option}=${displayName(value)}`).map((name) =>
    readList(option, name, Buffer.from(name, 'latin1')),
  );
}

/** PERF: 27 ms, loaded only when a list is named. */
function loadFastGlob(): typeof import('fast-glob') {
  return createRequire(import.meta.url)('fast-glob') as typeof import('fast-glob');
}

/** A name that exists is that file, whatever characters are in it. @param shown what the user wrote */
export function expandPattern(value: string, shown = displayName(value)): string[] {
  const { text } = decodeName(value);
  const fastGlob = loadFastGlob();
  if (!fastGlob.isDynamicPattern(text) || exists(value)) return [value];
  const names = fastGlob.sync(text, { dot: true, followSymbolicLinks: false });
  if (names.length === 0) throw new UsageError(`cannot read ${shown}: no file matches the pattern`);
  return names.map(utf8Bytes).toSorted();
}

function exists(name: string): boolean {
  return statSync(Buffer.from(name, 'latin1'), { throwIfNoEntry: false }) !== undefined;
}

function readList(option: string, name: string, file: Buffer | 0): NamedList {
  try {
    return { name, text: readFileSync(file, 'latin1') };
  } catch (error) {
    throw new UsageError(`cannot read --${option}=${displayName(name)}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
