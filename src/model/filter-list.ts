/** Which paths take part: rules, and files of them in directories. */
import type { ByteString } from './byte-string.ts';

/** Which entries a rule is of, besides its pattern. */
export interface RuleTraits {
  /** It hides at the source only, or protects at the destination only; `both`: also with `--delete-excluded`. */
  readonly side?: 'source' | 'destination' | 'both';
  /** The pattern is of the path from the root of the file system. */
  readonly isAbsolute?: true;
  /** It protects nothing in a directory that is deleted. */
  readonly isPerishable?: true;
}

/** Where a rule stands: a line of a file, or the option that has it. Undefined: an option of its own. */
export type RuleOrigin =
  | {
      readonly file: ByteString;
      readonly line: number;
      /** The file is in this tree, and its path is below the root. */
      readonly side?: 'source' | 'destination';
    }
  | { readonly option: 'filter' | 'cvs-exclude' };

/** One rule of the filter list, in the order given. The pattern is latin1: one character per byte. */
export interface FilterRule extends RuleTraits {
  readonly action: 'include' | 'exclude';
  readonly pattern: string;
  /** It matches what the pattern does not. */
  readonly isNegated?: true;
  readonly from?: RuleOrigin;
}

/** How a file of rules is read. */
export interface RuleStyle extends RuleTraits {
  /** Its lines are patterns without a prefix. */
  readonly bare?: FilterRule['action'];
  /** Blanks end a rule, too. */
  readonly isWords?: true;
  /** A lone `!` clears the list, though the lines have no prefix. */
  readonly isCvs?: true;
}

/** A file of rules in each directory, which hold there and below. */
export interface DirectoryRules {
  readonly action: 'merge';
  /** Name of the file; with a path, directories above the root are searched from there on. */
  readonly pattern: string;
  readonly style: RuleStyle;
  /** False: they do not hold below. */
  readonly isInherited: boolean;
}

export type FilterList = readonly (FilterRule | DirectoryRules)[];
