/**
 * Handles names that cannot be linked to the leader of their group: all of them get a new decision together.
 */
import { isThere, statOpen } from '../../filesystem/entry-stat.ts';
import { check, EMLINK, ENOSYS, EOPNOTSUPP, EPERM, EXDEV, SystemError } from '../../linux/system-error.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { Difference } from '../../model/change.ts';
import { compareEntries, decideAction } from '../../policy/compare/compare.ts';
import type { ApplyingScope } from './scope/applying-scope.ts';
import type { ChangePlace } from './names/change-place.ts';

/** The destination refuses another name for the leader. */
export interface LinkRefusal {
  /** How many names it allows per file; undefined: the location of the names is the reason. */
  readonly limit: number | undefined;
}

/** Undefined: the link failed for another reason. rename(2) of a file never fails this way. */
export async function refusalOf(
  scope: ApplyingScope,
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
      // Mounts in the destination, or project quotas: names in the same place may still be linked.
      return { limit: undefined };
    case EPERM:
      return (await isProtected(scope, place, leader)) ? undefined : { limit: leader.linkCount };
    default:
      return undefined;
  }
}

/**
 * EPERM is also the error for immutable files and directories, and with `fs.protected_hardlinks` for files of
 * other users.
 */
async function isProtected(
  { context }: ApplyingScope,
  { destination }: ChangePlace,
  leader: StatBuffer,
): Promise<boolean> {
  const { isRoot, uid } = context.setup.rights;
  if (leader.isFixed || (!isRoot && leader.uid !== uid)) return true;
  const directory = new StatBuffer();
  check(await statOpen(destination, directory), 'statx', destination.path);
  return directory.isFixed;
}

/** @param refusal undefined: the leader is not as planned @throws SystemError */
export async function noteForRelink(
  scope: ApplyingScope,
  place: ChangePlace,
  refusal: LinkRefusal | undefined,
): Promise<void> {
  const { context, refusals } = scope;
  const { destination, change } = place;
  const found = new StatBuffer();
  const isAny = await isThere(destination, change.name, found, 'server');
  const differences = isAny ? differencesNow(scope, place, found) : Difference.missing;
  const action = decideAction(change.source, differences, context.settings);
  // The name may still be one that the destination treats as another name of the source.
  const noted = differences | (change.differences & Difference.name);
  context.plan.link({
    directoryPath: destination.path,
    change: { ...change, action: action ?? 'adjust', differences: action === undefined ? 0 : noted },
    destinationInode: isAny ? found.inode : 0n,
    destinationDevice: isAny ? found.device : 0,
    wasRefused: refusal !== undefined,
  });
  refusals.names++;
  refusals.limit = Math.max(refusals.limit, refusal?.limit ?? 0);
}

/** Differences that only reading shows are taken from Preparing. */
function differencesNow({ context }: ApplyingScope, { change }: ChangePlace, found: StatBuffer): number {
  const { content, privilege } = Difference;
  return compareEntries(change.source, found, context.rule) | (change.differences & (content | privilege));
}
