/** The roots of an isolate: descriptors that all share, with calls of its own. */
import type { Pacer } from '../../flow/pacer.ts';
import type { Root } from '../../filesystem/root.ts';
import { limitCalls } from '../../linux/call-limits.ts';
import { linuxCalls, overlappingCalls, type OverlappingPlan } from '../../linux/linux.ts';
import { renameCalls } from '../../linux/rename-calls.ts';
import type { BackupPlace } from '../../model/run/backup-place.ts';
import type { Location } from '../../model/run/location.ts';

type Callable = Pick<Location, 'callStyle' | 'latencyUs' | 'fd' | 'renaming'>;

interface CallPlan extends OverlappingPlan {
  readonly operations: Pacer | undefined;
}

export function openedRoot(root: Callable, { operations, ...plan }: CallPlan): Root {
  const { callStyle, latencyUs, fd, renaming } = root;
  const calls = callStyle === 'blocking' ? linuxCalls('blocking') : overlappingCalls(latencyUs, plan);
  const linux = renaming === undefined ? calls : renameCalls(calls, renaming);
  return { linux: operations === undefined ? linux : limitCalls(linux, operations), fd };
}

/** Of the destination's file system. Names are taken as they are, also of a file that is copied under a new one. */
export function backupRoot(
  { backup, destination }: { backup?: BackupPlace | undefined; destination: Callable },
  plan: CallPlan,
): Root {
  const { callStyle, latencyUs, fd } = destination;
  return openedRoot({ callStyle, latencyUs, fd: backup?.fd ?? fd }, plan);
}
