/** What the two ends of a worker say besides units and answers. */

/** The worker's first word: its code is loaded. */
export const STARTED = 'started';
/** The main thread's last word, and the worker's: none of its calls is under way, nor will be. */
export const SETTLE = 'settle';
export const SETTLED = 'settled';
