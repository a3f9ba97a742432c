/** After a timeout the process cannot end by itself: a file system that hangs holds its threads. */
export { leaveAtOnce as leaveStuckThreads } from '../filesystem/linux/leave-at-once.ts';
