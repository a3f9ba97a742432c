/** The paths of a --files-from list as `packPaths` makes them: plain data that crosses to other isolates without a copy. */

export interface PathKeys {
  /** Keys one after another, a byte a latin1 character. */
  readonly bytes: Uint8Array;
  /** Where each starts, and where the last one ends. */
  readonly starts: Uint32Array;
}
