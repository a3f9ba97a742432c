/** Two ways to end the process that exit(3) would keep: threads that hang in a file system, and an exit handler that waits. */
export {
  leaveAtOnce as leaveStuckThreads,
  leavePastExitHandlers,
} from '../filesystem/linux/leave-at-once.ts';
