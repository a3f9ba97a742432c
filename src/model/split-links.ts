/** A group of hard links that the destination cannot hold as one file: it is several there, of the same content. */

export interface SplitLinks {
  /** The first of its names, latin1, relative to the roots. */
  readonly path: string;
  readonly names: number;
  readonly files: number;
  /** How many names the destination lets a file have; without it: where they are decides. */
  readonly limit?: number;
}
