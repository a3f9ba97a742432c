/** Names that cannot be linked to the leader of their group: what becomes of them is decided anew, for all of them. */
import { statName, statOpen } from '../../filesystem/entry-stat.ts';
import {
  check,
  EMLINK,
  ENOENT,
  ENOSYS,
  EOPNOTSUPP,
  EPERM,
  EXDEV,
  SystemError,
} from '../../filesystem/linux/system-error.ts';
import { StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import { Difference } from '../../model/change.ts';
import { compareEntries } from '../../policy/compare.ts';
import { decideAction } from '../../policy/decide-change.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';

/** The destination does not let the leader have this name as well. */
export interface LinkRefusal {
  /** How many names it lets a file have; undefined: it depends on where they are. */
  readonly limit: number | undefined;
}

/** Undefined: the link failed for another reason. rename(2) never says so of a file. */
export async function refusalOf(
  unit: ApplyingUnit,
  place: ChangePlace,
  { error, leader }: { error: unknown; leader: StatBuffer },
): Promise<LinkRefusal | undefined> {
  if (!(error instanceof SystemError) || error.syscall !== 'linkat') return undefined;
  switch (-error.errno) {
    case EMLINK:
    case EOPNOTSUPP:
    case ENOSYS:
      return { limit: leader.linkCount };
    case EXDEV:
      // Mounts in the destination, or project quotas: names that are together may be linked.
      return { limit: undefined };
    case EPERM:
      return (await isProtected(unit, place, leader)) ? undefined : { limit: leader.linkCount };
    default:
      return undefined;
  }
}

/** EPERM is also said of immutable files and directories, and with `fs.protected_hardlinks` of files of others. */
async function isProtected(
  { context }: ApplyingUnit,
  { destination }: ChangePlace,
  leader: StatBuffer,
): Promise<boolean> {
  const { isRoot, uid } = context.setup.rights;
  if (leader.isFixed || (!isRoot && leader.uid !== uid)) return true;
  const directory = new StatBuffer();
  check(await statOpen(destination, directory), 'statx', destination.path);
  return directory.isFixed;
}

/** @param refusal undefined: the leader is not what it should be @throws SystemError */
export async function noteForRelink(
  unit: ApplyingUnit,
  place: ChangePlace,
  refusal: LinkRefusal | undefined,
): Promise<void> {
  const { context, refusals } = unit;
  const { destination, change } = place;
  const found = new StatBuffer();
  const result = await statName(destination, change.name, found, 'server');
  const isThere = result !== -ENOENT;
  if (isThere) check(result, 'statx', pathOf(place));
  const differences = isThere ? differencesNow(unit, place, found) : Difference.missing;
  const action = decideAction(change.source, differences, context.settings);
  // It may still be one with the name of a twin.
  const noted = differences | (change.differences & Difference.name);
  context.plan.link({
    directoryPath: destination.path,
    change: { ...change, action: action ?? 'adjust', differences: action === undefined ? 0 : noted },
    destinationInode: isThere ? found.inode : 0n,
    destinationDevice: isThere ? found.device : 0,
    wasRefused: refusal !== undefined,
  });
  refusals.names++;
  refusals.limit = Math.max(refusals.limit, refusal?.limit ?? 0);
}

/** What only reading shows is known from Preparing alone. */
function differencesNow({ context }: ApplyingUnit, { change }: ChangePlace, found: StatBuffer): number {
  const { content, privilege } = Difference;
  return compareEntries(change.source, found, context.rule) | (change.differences & (content | privilege));
}
