/** What this machine must have, looked at before anything is done. */
import { lstatSync } from 'node:fs';
import { LocationError } from '../errors.ts';
import type { AnyCommandLine } from './options.ts';

/** The kernel tells there of mounts, open files and owners: proc(5). @throws LocationError */
export function guardMachine({ command }: AnyCommandLine): void {
  if (command === 'init') return;
  if (lstatSync('/proc/self', { throwIfNoEntry: false }) === undefined) {
    throw new LocationError('efs-sync needs /proc, and it is not mounted here: mount -t proc proc /proc');
  }
}
