/** Where a change is applied: the two open directories and the change. */
import { SystemError } from '../../filesystem/linux/system-error.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import type { Side } from '../../model/task.ts';
import type { PlannedChange } from '../plan/section.ts';
import type { Creations } from './creations.ts';
import type { HiddenDirectory } from './hidden-directory.ts';
import type { Staging } from './staging.ts';

export interface ChangePlace {
  readonly source: OpenDirectory;
  readonly destination: OpenDirectory;
  readonly change: PlannedChange;
  /** The destination directory, where it is made together with what is in it. */
  readonly hidden: HiddenDirectory | undefined;
  /** The group that the kernel gives to what is made there. */
  readonly createdGid: number;
  readonly creations: Creations;
  /** Where files are written first; undefined: where they belong. */
  readonly staging: Staging | undefined;
  /** The side whose calls are under way, to name the one that failed. */
  readonly at: { side: Side };
}

export function pathOf({ destination, change }: ChangePlace): string {
  return childPath(destination.path, change.name);
}

/** Content moves from one side to the other: there the call itself tells which it was. */
const READING_CALLS = new Set(['pread', 'lseek', 'readlinkat']);

/** A source that cannot be read and a full destination are told apart. */
export function failingSide(error: unknown, { at }: ChangePlace): Side {
  if (!(error instanceof SystemError)) return at.side;
  return error.side ?? (READING_CALLS.has(error.syscall) ? 'source' : at.side);
}
