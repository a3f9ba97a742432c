/** What preflight found out about one thing before anything is written. */

export interface Check {
  readonly result: 'OK' | 'WARNING' | 'FAIL';
  /** What was looked at: `destination: mount`. */
  readonly subject: string;
  /** What was found, and what follows from it: text in which names are as they are shown. */
  readonly finding: string;
  /** What to do about it. */
  readonly cure?: string;
}
