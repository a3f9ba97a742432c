/** Values of a task file, each with its place in the file: errors name file, line and column. */
import { UsageError } from '../../errors.ts';
import { displayName } from '../../model/display-name.ts';

export interface Place {
  /** The file as the user named it, latin1. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Located = LocatedText | LocatedFlag | LocatedList | LocatedMap | LocatedNothing;

/** Text and numbers: as they were written, latin1. */
export interface LocatedText {
  readonly kind: 'text';
  readonly at: Place;
  readonly text: string;
}

export interface LocatedFlag {
  readonly kind: 'true or false';
  readonly at: Place;
  readonly isTrue: boolean;
}

export interface LocatedList {
  readonly kind: 'a list';
  readonly at: Place;
  readonly items: readonly Located[];
}

export interface LocatedMap {
  readonly kind: 'a map';
  readonly at: Place;
  readonly entries: readonly LocatedEntry[];
}

/** A key without a value, or `null`. */
export interface LocatedNothing {
  readonly kind: 'nothing';
  readonly at: Place;
}

export interface LocatedEntry {
  readonly key: string;
  readonly at: Place;
  readonly value: Located;
}

/** @param message text: names in it are shown already */
export function errorAt({ file, line, column }: Place, message: string): UsageError {
  return new UsageError(`${displayName(file)}:${line}:${column}: ${message}`);
}

/** @throws UsageError where it is something else */
export function textOf(value: Located, key: string): string {
  if (value.kind === 'text') return value.text;
  throw errorAt(value.at, `'${key}' takes a text, and this is ${value.kind}`);
}

/** @throws UsageError where it is something else */
export function flagOf(value: Located, key: string): boolean {
  if (value.kind === 'true or false') return value.isTrue;
  throw errorAt(value.at, `'${key}' is true or false, and this is ${describe(value)}`);
}

/** One, or a list of them. @throws UsageError */
export function itemsOf(value: Located): readonly Located[] {
  return value.kind === 'a list' ? value.items : [value];
}

function describe(value: Located): string {
  return value.kind === 'text' ? `'${displayName(value.text)}'` : value.kind;
}
