/** What was found in ranges of a file that both sides have. */

/**
 * - `equal`: all bytes are
 * - `differs`: some are not
 * - `unread`: a call failed, or the run is to stop
 */
export type RangeContent = 'equal' | 'differs' | 'unread';
