/** How many more files this process may open: proc(5), getrlimit(2). */
import { readdirSync } from 'node:fs';
import { readProcFile } from './proc-file.ts';

export interface OpenFiles {
  /** Infinity: as many as the system lets it. */
  readonly limit: number;
  readonly open: number;
}

/** @throws LocationError */
export function readOpenFiles(): OpenFiles {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(readProcFile('/proc/self/limits')) ?? [];
  const limit = soft === undefined || soft === 'unlimited' ? Infinity : Number(soft);
  return { limit, open: readdirSync('/proc/self/fd').length };
}
