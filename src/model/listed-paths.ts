/** Lists of paths as settings have them. */

/** The paths of a --files-from list, packed by `packPaths`: plain data that isolates share without a copy. */
export interface PathKeys {
  /** All keys, one after another, one byte per latin1 character. */
  readonly bytes: Uint8Array;
  /** Where each key starts, and where the last one ends. */
  readonly starts: Uint32Array;
}

/** By themselves, and with all that is below them. */
export interface RepairPaths {
  readonly single: PathKeys;
  readonly trees: PathKeys;
  /** Those of them that may be deleted at the destination. */
  readonly extraneous: PathKeys;
}
