/** The lists a user gives by name: files, patterns of names, or standard input. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
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
  return openLists(option, value).map(({ name, parts }) => ({ name, text: [...parts].join('') }));
}

/** The same, read as the parts are taken: a list may be large. */
export function openLists(option: string, value: string): { name: string; parts: Iterable<string> }[] {
  if (value === '-') return [{ name: '-', parts: readParts(option, '-') }];
  const names = expandPattern(value, `--${option}=${displayName(value)}`);
  return names.map((name) => ({ name, parts: readParts(option, name) }));
}

/** PERF: 27 ms, loaded only when a list is named. */
function loadFastGlob(): typeof import('fast-glob') {
  return createRequire(import.meta.url)('fast-glob') as typeof import('fast-glob');
}

/** A name that exists is that file, whatever characters are in it. @param shown what the user wrote */
export function expandPattern(value: string, shown = displayName(value)): string[] {
  if (value === '') throw new UsageError(`cannot read ${shown}: the name is empty; is a variable not set?`);
  const names = orRefused(shown, () => findNames(value));
  if (names === undefined) return [value];
  if (names.length === 0) throw new UsageError(`cannot read ${shown}: no file matches the pattern`);
  return names.map(utf8Bytes).toSorted();
}

/** Undefined: it is no pattern. */
function findNames(value: string): string[] | undefined {
  const { text } = decodeName(value);
  const fastGlob = loadFastGlob();
  if (!fastGlob.isDynamicPattern(text) || exists(value)) return undefined;
  return fastGlob.sync(text, { dot: true, followSymbolicLinks: false });
}

/** Also what cannot be looked at: to read it gives the reason. */
function exists(name: string): boolean {
  try {
    return statSync(Buffer.from(name, 'latin1'), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

const PART_SIZE_BYTES = 1024 * 1024;

function* readParts(option: string, name: string): Iterable<string> {
  const shown = `--${option}=${displayName(name)}`;
  const isStandardInput = name === '-';
  const descriptor = isStandardInput ? 0 : orRefused(shown, () => openSync(Buffer.from(name, 'latin1'), 'r'));
  try {
    const buffer = Buffer.allocUnsafe(PART_SIZE_BYTES);
    const read = () => orRefused(shown, () => readSync(descriptor, buffer));
    for (let count = read(); count > 0; count = read()) yield buffer.toString('latin1', 0, count);
  } finally {
    if (!isStandardInput) closeSync(descriptor);
  }
}

function orRefused<Value>(shown: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`cannot read ${shown}: ${reasonOf(error)}`, { cause: error });
  }
}
