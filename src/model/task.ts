/** One source, one destination, and how to sync them. */
import type { ByteString } from './byte-string.ts';
import type { Settings } from './settings.ts';

export interface Task {
  /** The task's name, latin1; only for tasks from a file. */
  readonly name?: ByteString;
  /** Paths as the user gave them, latin1: one character per byte. */
  readonly source: string;
  readonly destination: string;
  readonly settings: Settings;
}

export type Phase = 'preparing' | 'syncing' | 'verifying';
export type Side = 'source' | 'destination';
