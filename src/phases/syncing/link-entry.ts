/** Makes a name a hard link to another name of the destination. */
import { ENOENT, EEXIST, check, SystemError } from '../../filesystem/linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { lastName, parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { moveIntoPlace, newTemporaryName } from './new-name.ts';

/** @throws SystemError */
export async function linkEntry(unit: ApplyingUnit, place: ChangePlace): Promise<void> {
  const leaderPath = parentPath(place.change.leaderPath);
  await withDirectory(unit.context.destination, leaderPath, (leaderDirectory) =>
    linkFrom(leaderDirectory, place),
  );
}

async function linkFrom(leaderDirectory: OpenDirectory, place: ChangePlace): Promise<void> {
  const { change, destination } = place;
  const mayBeDirect = (change.differences & Difference.missing) !== 0;
  if (mayBeDirect && (await link(leaderDirectory, place, change.name))) return;
  const temporary = newTemporaryName();
  if (!(await link(leaderDirectory, place, temporary))) check(-EEXIST, 'linkat', pathOf(place));
  try {
    await moveIntoPlace(destination, temporary, change.name);
  } finally {
    // rename(2) does nothing where both names are the same inode already: the temporary would stay.
    await removeLeftover(destination, temporary);
  }
}

/** False: something has that name. */
async function link(leaderDirectory: OpenDirectory, place: ChangePlace, name: string): Promise<boolean> {
  const { destination, change } = place;
  const leader = lastName(change.leaderPath);
  const result = await destination.linux.linkat(leaderDirectory.fd, leader, destination.fd, name, 0);
  if (result === -EEXIST) return false;
  check(result, 'linkat', pathOf(place));
  return true;
}

async function removeLeftover(directory: OpenDirectory, temporary: string): Promise<void> {
  const result = await directory.linux.unlinkat(directory.fd, temporary, 0);
  if (result < 0 && result !== -ENOENT) throw new SystemError(result, 'unlinkat', directory.path);
}
