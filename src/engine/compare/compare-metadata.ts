/** Compares the metadata of an entry's two sides: what statx tells of directories, and the attributes of all entries. */
import type { ByteString } from '../../model/byte-string.ts';
import {
  type AttributeChoice,
  type AttributeTarget,
  isPrivileged,
  readExtendedAttributes,
  sameExtendedAttributes,
  type ExtendedAttributes,
} from '../../filesystem/metadata/extended-attributes.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { withPathHandle } from '../../filesystem/metadata/set-mode.ts';
import { Difference, type Differences } from '../../model/change.ts';
import type { AttemptContext, WorkerContext } from '../context/worker-context.ts';
import { atSide } from '../march/both-sides.ts';
import type { Entry } from '../../model/entry.ts';
import { compareEntries, unkeptDifferences } from '../../policy/compare/compare.ts';
import { isMovedByRun } from '../../policy/spared-paths.ts';
import { isOthers } from '../../policy/compare/ownership.ts';

/** How two directories differ by what statx tells, as far as that means anything. */
export function compareDirectoryEntries(
  context: WorkerContext,
  phase: 'preparing' | 'verifying',
  { source, destination }: { readonly source: Entry; readonly destination: Entry },
): Differences {
  const { settings, rule, setup } = context;
  const all = compareEntries(source, destination, rule);
  countTimes(context, phase, all);
  const differences = all & ~unkeptDifferences(settings);
  if ((differences & Difference.mtime) === 0) return differences;
  const isMoved = isMovedByRun(setup.runFiles, source) || isMovedByRun(setup.runFiles, destination);
  return isMoved ? differences & ~Difference.mtime : differences;
}

/** Destination directories that keep the metadata they have. */
export function keepsOwnMetadata(
  { selection, settings, setup }: WorkerContext,
  path: ByteString,
  destination: Entry,
): 'root' | 'others' | undefined {
  if (path === '' && selection?.leavesRoot === true) return 'root';
  return isOthers(destination, setup.rights, settings) ? 'others' : undefined;
}

const SET_BY_OWNER = Difference.uid | Difference.gid | Difference.mtime | Difference.atime;

/** What differs because only the owner of the entry may set it. */
export function keptByOthers(
  { settings, setup }: WorkerContext,
  destination: Entry,
  differences: Differences,
): Differences {
  if ((differences & SET_BY_OWNER) === 0 || !isOthers(destination, setup.rights, settings)) return 0;
  return differences & SET_BY_OWNER;
}

/** Counts entries whose times the destination cannot keep. Verifying counts, if it sees all entries. */
export function countTimes(
  { counters, settings, setup }: Pick<WorkerContext, 'counters' | 'settings' | 'setup'>,
  phase: 'preparing' | 'verifying',
  differences: Differences,
): void {
  if ((differences & Difference.unkeepableTime) === 0 || !settings.preserve.mtime) return;
  const willVerify = setup.mayWrite && settings.verify === 'full';
  if (phase === 'verifying' || !willVerify) counters.add('timesNotKept', 1);
}

export interface NamePair {
  readonly sourceDirectory: OpenDirectory;
  readonly destinationDirectory: OpenDirectory;
  /** `.` means the directories themselves. */
  readonly name: ByteString;
  /** If it has another name there. */
  readonly destinationName?: ByteString;
}

/** Extended attributes and ACLs, if they are to be preserved. @param known differences found so far @throws SystemError */
export async function compareAttributes(
  context: AttemptContext,
  pair: NamePair,
  known: Differences = 0,
): Promise<Differences> {
  const { xattr, acl } = context.settings.preserve;
  if (!xattr && !acl) return 0;
  const { sourceDirectory, destinationDirectory, name, destinationName = name } = pair;
  const read = (directory: OpenDirectory, named: ByteString) =>
    withHandle(directory, named, async (handle) => ({
      xattr: xattr ? await readExtendedAttributes(handle, XATTR) : NONE,
      acl: acl ? await readExtendedAttributes(handle, ACL) : NONE,
    }));
  const source = await atSide('source', () => read(sourceDirectory, name));
  const destination = await atSide('destination', () => read(destinationDirectory, destinationName));
  return (
    (sameExtendedAttributes(source.xattr, destination.xattr) ? 0 : Difference.xattr) |
    (sameExtendedAttributes(source.acl, destination.acl) ? 0 : Difference.acl) |
    (needsTrust(source.xattr, destination.xattr, known) ? Difference.privilege : 0)
  );
}

/** True if the owner differs: setting the owner clears a capability, which must then be set again. */
function needsTrust(
  source: ExtendedAttributes,
  destination: ExtendedAttributes,
  known: Differences,
): boolean {
  const isSetAnew = (known & (Difference.uid | Difference.gid | Difference.mode)) !== 0;
  return Array.from(source).some(
    ([name, value]) => isPrivileged(name) && (isSetAnew || destination.get(name)?.equals(value) !== true),
  );
}

const NONE: ExtendedAttributes = new Map();

const XATTR: AttributeChoice = { xattr: true, acl: false };

const ACL: AttributeChoice = { xattr: false, acl: true };

async function withHandle<T>(
  directory: OpenDirectory,
  name: ByteString,
  use: (handle: AttributeTarget) => Promise<T>,
): Promise<T> {
  return name === '.' ? use(directory) : withPathHandle(directory, name, use);
}
