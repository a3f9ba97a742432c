/** One source, one destination, and how to sync them. */
import type { Settings } from './settings.ts';

export interface Task {
  /** What people call it, latin1; only of tasks that have a file. */
  readonly name?: string;
  /** Paths as the user gave them, latin1: one character a byte. */
  readonly source: string;
  readonly destination: string;
  readonly settings: Settings;
}

export type Phase = 'preparing' | 'syncing' | 'verifying';
export type Side = 'source' | 'destination';
