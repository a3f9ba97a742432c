/**
 * Opens the files that the command line writes and reads beside the trees, each on a thread of the pool: a FIFO that
 * nobody has open, or a server that is dead, holds no signal up.
 */
import { linuxCalls } from '../filesystem/linux/linux.ts';
import * as files from '../filesystem/operator-file.ts';
import type { Readable, Replaceable } from '../filesystem/operator-file.ts';

export type { Replaceable } from '../filesystem/operator-file.ts';

/** @throws Error, as all of these, where it cannot be opened, or may not. @param path latin1 */
export async function openInput(path: string, readable: Readable): Promise<number> {
  return files.openInput(linuxCalls('pooled'), path, readable);
}

/** Made where it is not there. */
export async function openToAppend(path: string): Promise<number> {
  return files.openToAppend(linuxCalls('pooled'), path);
}

/** Never over what is there. */
export async function makeFile(path: string): Promise<number> {
  return files.makeFile(linuxCalls('pooled'), path);
}

/** For a file that is written beside and then takes the name. */
export async function findReplaceable(path: string): Promise<Replaceable> {
  return files.findReplaceable(linuxCalls('pooled'), path);
}
