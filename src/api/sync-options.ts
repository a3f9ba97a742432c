/** The types of options that a program gives: those of the option table, under the names of task files. */
import type { NameOf, OptionDeclaration } from '../cli/options/table/option-declaration.ts';
import type { DeclaredOption } from '../cli/options/table/option-table.ts';

/** A string is UTF-8; a Buffer has the exact bytes. */
export type Path = string | Buffer;

type OfTheCommand =
  { readonly presentation: string } | { readonly isForTasks: false } | { readonly isFilter: true };
type ByName = Exclude<DeclaredOption, OfTheCommand>;
type NotHere = 'progress' | 'P' | 'verbose' | 'limits-file';

type Text = string | number | Buffer;
type ValueGiven<Declared extends OptionDeclaration> = Declared extends { readonly isRepeatable: true }
  ? Text | readonly Text[]
  : Declared extends { readonly choices: readonly (infer Word)[] }
    ? Word
    : Declared['flags'] extends `${string}<${string}`
      ? Text | readonly Text[]
      : Declared['flags'] extends `${string}[${string}`
        ? boolean | Text
        : boolean;

type FilterName = NameOf<Extract<DeclaredOption, { readonly isFilter: true }>['flags']>;

/** `{ exclude: '*.tmp' }`: one key each. */
export type Rule = { readonly [Name in FilterName]?: Path };

export type SyncOptions = {
  readonly [Each in ByName as Exclude<NameOf<Each['flags']>, NotHere>]?: ValueGiven<Each> | undefined;
} & { readonly [Name in FilterName]?: Path | readonly Path[] | undefined } & {
  /** Rules of several kinds in one order. */
  readonly filters?: readonly Rule[] | undefined;
};
