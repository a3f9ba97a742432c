/** Values of a task file, each with its place in the file: errors name file, line and column. */
import type { ByteString } from '../../model/byte-string.ts';
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';

export interface Position {
  /** The file as the user named it, latin1. Empty: a program gave the value. */
  readonly file: ByteString;
  readonly line: number;
  readonly column: number;
}

export type Located = LocatedText | LocatedFlag | LocatedList | LocatedMap | LocatedNothing;

/** Text and numbers, as written, latin1. */
export interface LocatedText {
  readonly kind: 'text';
  readonly at: Position;
  readonly text: string;
}

export interface LocatedFlag {
  readonly kind: 'true or false';
  readonly at: Position;
  readonly isTrue: boolean;
}

export interface LocatedList {
  readonly kind: 'a list';
  readonly at: Position;
  readonly items: readonly Located[];
}

export interface LocatedMap {
  readonly kind: 'a map';
  readonly at: Position;
  readonly entries: readonly LocatedEntry[];
}

/** A key without a value, or `null`. */
export interface LocatedNothing {
  readonly kind: 'nothing';
  readonly at: Position;
}

export interface LocatedEntry {
  readonly key: string;
  readonly at: Position;
  readonly value: Located;
}

/** @param message text: names in it are already displayable */
export function errorAt({ file, line, column }: Position, message: string): UsageError {
  return new UsageError(file === '' ? message : `${displayName(file)}:${line}:${column}: ${message}`);
}

/** @throws UsageError for any other value */
export function textOf(value: Located, key: string): string {
  if (value.kind === 'text') return value.text;
  throw errorAt(value.at, `'${key}' must be text, but this is ${value.kind}`);
}

/** @throws UsageError for any other value */
export function flagOf(value: Located, key: string): boolean {
  if (value.kind === 'true or false') return value.isTrue;
  throw errorAt(value.at, `'${key}' must be true or false, but this is ${describe(value)}`);
}

/** Accepts one item, or a list of them. @throws UsageError */
export function itemsOf(value: Located): readonly Located[] {
  return value.kind === 'a list' ? value.items : [value];
}

function describe(value: Located): string {
  return value.kind === 'text' ? `'${displayName(value.text)}'` : value.kind;
}
