/** The directory of the history: a file for each execution. */
import { closeSync, readdirSync, statSync, unlinkSync } from 'node:fs';

/** By descriptor: it is the directory that was looked at, whatever the path to it means since. */
export function pathIn(directoryFd: number, name: string): string {
  return `/proc/self/fd/${directoryFd}/${name}`;
}

export function namesIn(directoryFd: number): string[] {
  return readdirSync(pathIn(directoryFd, ''));
}

/** It is only looked through: close can lose nothing. */
export function closeHistory(directoryFd: number): void {
  closeSync(directoryFd);
}

/** Another run may have removed it as well. */
export function removeIfThere(path: string): void {
  unlessGone(() => unlinkSync(path));
}

/** Undefined: there is none. */
export function modifiedAtMs(path: string): number | undefined {
  return unlessGone(() => statSync(path).mtimeMs);
}

/** Undefined where a name is no more. */
export function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
