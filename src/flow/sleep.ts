/** Waits, and lets others work meanwhile. */
export { setTimeout as sleep } from 'node:timers/promises';
