/**
 * Two ways to end the process where exit(3) would hang: with threads stuck in a file system, and with an exit
 * handler that waits.
 */
export { leaveAtOnce as leaveStuckThreads, leavePastExitHandlers } from '../linux/leave-at-once.ts';
