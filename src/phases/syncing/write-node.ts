/** Makes a symbolic link, FIFO, socket or device node with its metadata, then moves it into place. */
import { readLinkTarget } from '../../filesystem/link-target.ts';
import { check, EEXIST } from '../../filesystem/linux/system-error.ts';
import { Difference } from '../../model/change.ts';
import { isSymlink, permissionsOf, TYPE_MASK } from '../../model/entry.ts';
import { creationMode } from '../../policy/creation-mode.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { finishNamed } from './finish-named.ts';
import { discard, moveIntoPlace, newTemporaryName } from './new-name.ts';

/** True when it is in place. @throws SystemError */
export async function writeNode(unit: ApplyingUnit, place: ChangePlace): Promise<boolean> {
  const { change, destination } = place;
  if (mayBeDirect(unit, place) && (await makeNode(place, change.name))) {
    return finishNamed(unit, place, change.name);
  }
  const temporary = { directory: destination, name: newTemporaryName() };
  try {
    // NFS: what is reported as failed may have been done, its reply lost.
    if (!(await makeNode(place, temporary.name))) check(-EEXIST, 'mknodat', pathOf(place));
    const isFinished = await finishNamed(unit, place, temporary.name);
    if (isFinished) await moveIntoPlace(temporary, { directory: destination, name: change.name });
    else await discard(unit, temporary);
    return isFinished;
  } catch (error) {
    await discard(unit, temporary);
    throw error;
  }
}

/**
 * Made whole by one call, a new node may have its final name at once; but where nothing that exists is
 * touched, a run that was killed before it had its metadata would leave it without for good.
 */
function mayBeDirect(unit: ApplyingUnit, { change }: ChangePlace): boolean {
  return (change.differences & Difference.missing) !== 0 && unit.context.settings.overwrite !== 'never';
}

/** False: something has that name. @throws SystemError */
async function makeNode(place: ChangePlace, name: string): Promise<boolean> {
  const { linux, fd } = place.destination;
  const { source } = place.change;
  const result = isSymlink(source)
    ? await linux.symlinkat(await readLinkTarget(place.source, place.change.name), fd, name)
    : await linux.mknodat(fd, name, nodeMode(source.mode), kernelDevice(source.specialDevice));
  if (result === -EEXIST) return false;
  check(result, isSymlink(source) ? 'symlinkat' : 'mknodat', pathOf(place));
  return true;
}

function nodeMode(mode: number): number {
  return (mode & TYPE_MASK) | creationMode(permissionsOf({ mode }), true);
}

/** The kernel's 32-bit encoding of major and minor (makedev(3)). */
function kernelDevice(device: number): number {
  const major = Math.floor(device / 2 ** 32);
  const minor = device % 2 ** 32;
  return (minor & 0xff) + major * 2 ** 8 + Math.floor(minor / 2 ** 8) * 2 ** 20;
}
