/** What preflight found out about one thing before anything is written. */

export interface Check {
  readonly result: 'OK' | 'WARNING' | 'FAIL';
  /** What was looked at: `destination: mount`. */
  readonly subject: string;
  /** What was found, and what follows from it. Latin1, as names are. */
  readonly finding: string;
  /** What to do about it. */
  readonly cure?: string;
}
