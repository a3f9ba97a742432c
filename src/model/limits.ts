/** How much a run may ask of its two sides. All workers count together. */

export interface Limits {
  /** Of content that is copied, a second; 0 means no limit. */
  readonly bandwidthBytesPerSec: number;
  /** Calls to the file system of either side, a second; 0 means no limit. */
  readonly operationsPerSec: number;
}
