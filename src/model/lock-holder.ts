/** Who holds the lock of a destination, by its own word: for people to read, and nothing is decided by it. */
export interface LockHolder {
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
}
