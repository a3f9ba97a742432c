/** What options change of the source's metadata on the way. */

/** One part of `--usermap` or `--groupmap`: which ids become another. */
export interface IdMapping {
  /** From the first to the last of each. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
  /** All ids but those: that have no name. */
  readonly isInverse: boolean;
  readonly to: number;
}

/** One part of `--chmod`: what becomes of a mode. */
export interface ModeChange {
  readonly on: 'everything' | 'directories' | 'others';
  readonly operator: '+' | '-' | '=';
  /** The bits to set or clear. */
  readonly bits: number;
  /** With `=`: the bits that are cleared first. */
  readonly cleared: number;
  /** `X`: execute bits only for directories, and where the mode has one already. */
  readonly isExecuteKept: boolean;
  /** `g=u`: the bits are those of this class, cut to `bits`. */
  readonly copiedFrom: 'u' | 'g' | 'o' | undefined;
}
