/** What the two ends of a worker say besides units and answers. */

/** The worker's first word: its code is loaded. */
export const STARTED = 'started';
