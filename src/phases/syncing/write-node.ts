/** Makes a symbolic link, FIFO, socket or device node with its metadata, then moves it into place. */
import { readLinkTarget } from '../../filesystem/entry-stat.ts';
import { makeNode, makeSymlink } from '../../filesystem/destination/names.ts';
import type { NameIn } from '../../filesystem/root.ts';
import { SystemError, EEXIST } from '../../linux/system-error.ts';
import { Difference } from '../../model/change.ts';
import { TYPE_MASK, isSymlink, type Entry, permissionsOf } from '../../model/entry.ts';
import type { Settings } from '../../model/settings.ts';
import { creationMode } from '../../policy/compare/ownership.ts';
import type { ApplyingScope } from './scope/applying-scope.ts';
import { pathOf, type ChangePlace } from './names/change-place.ts';
import { finishNamed } from './metadata/finish-named.ts';
import { replaceName } from './names/back-up.ts';
import { discard, newTemporaryName } from './names/temporaries.ts';

/** True if it is in place. @throws SystemError */
export async function writeNode(scope: ApplyingScope, place: ChangePlace): Promise<boolean> {
  const { change, destination } = place;
  const final = { directory: destination, name: change.name };
  if (mayBeDirect(scope, place) && (await make(scope, place, final))) {
    return finishNamed(scope, place, change.name);
  }
  const temporary = { directory: destination, name: newTemporaryName() };
  try {
    // NFS: a call reported as failed may have succeeded, with its reply lost.
    if (!(await make(scope, place, temporary))) throw new SystemError(-EEXIST, 'mknodat', pathOf(place));
    const isFinished = await finishNamed(scope, place, temporary.name);
    if (isFinished) await replaceName(scope, temporary, final, place.at);
    else await discard(scope, temporary);
    return isFinished;
  } catch (error) {
    await discard(scope, temporary);
    throw error;
  }
}

/**
 * One call makes the whole node, so a new one may have its final name at once. Not if existing entries are
 * never changed: after a kill before the metadata was set, no later run would set it.
 */
function mayBeDirect(scope: ApplyingScope, { change }: ChangePlace): boolean {
  return (change.differences & Difference.missing) !== 0 && scope.context.settings.overwrite !== 'never';
}

/** False if the name is taken. @throws SystemError */
async function make({ context }: ApplyingScope, place: ChangePlace, at: NameIn): Promise<boolean> {
  const { source, name } = place.change;
  const path = pathOf(place);
  if (isSymlink(source)) return makeSymlink(at, await readLinkTarget(place.source, name), path);
  const [mode, device] = [nodeMode(source, context.settings), kernelDevice(source.specialDevice)];
  return makeNode(at, { mode, device }, path);
}

/** If modes are not preserved, it keeps the mode that the umask leaves. */
function nodeMode(source: Entry, { preserve }: Settings): number {
  return (source.mode & TYPE_MASK) | creationMode(permissionsOf(source), preserve.mode);
}

/** The kernel's 32-bit encoding of major and minor (makedev(3)). */
function kernelDevice(device: number): number {
  const major = Math.floor(device / 2 ** 32);
  const minor = device % 2 ** 32;
  return (minor & 0xff) + major * 2 ** 8 + Math.floor(minor / 2 ** 8) * 2 ** 20;
}
