/** Names that one inode cannot have as well (EMLINK): they share another of the same content. */
import { statName } from '../../filesystem/entry-stat.ts';
import { check, ENOENT } from '../../filesystem/linux/system-error.ts';
import { StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import { lastName, type OpenDirectory } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { compareEntries } from '../../policy/compare.ts';
import { decideAction } from '../../policy/decide-change.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';

/** What to do about it is decided anew with all that were refused. @throws SystemError */
export async function noteRefused(
  unit: ApplyingUnit,
  place: ChangePlace,
  leaderDirectory: OpenDirectory,
): Promise<void> {
  const { context, refusals } = unit;
  const { destination, change, isDirectoryNew } = place;
  const leader = new StatBuffer();
  const leaderName = lastName(change.leaderPath);
  check(await statName(leaderDirectory, leaderName, leader, 'server'), 'statx', change.leaderPath);
  const found = new StatBuffer();
  const result = await statName(destination, change.name, found, 'server');
  const isThere = result !== -ENOENT;
  if (isThere) check(result, 'statx', pathOf(place));
  const differences = isThere ? differencesNow(unit, place, found) : Difference.missing;
  const action = decideAction(change.source, differences, context.settings);
  context.plan.link({
    directoryPath: destination.path,
    isDirectoryNew,
    change: { ...change, action: action ?? 'adjust', differences: action === undefined ? 0 : differences },
    destinationInode: isThere ? found.inode : 0n,
    destinationDevice: isThere ? found.device : 0,
  });
  refusals.limit = Math.max(refusals.limit, leader.linkCount);
}

/** That content differs is known from Preparing alone. */
function differencesNow({ context }: ApplyingUnit, { change }: ChangePlace, found: StatBuffer): number {
  return compareEntries(change.source, found, context.rule) | (change.differences & Difference.content);
}
