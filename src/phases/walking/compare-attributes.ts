/** Compares extended attributes and ACLs of an entry's two sides, where they are to be preserved. */
import {
  readExtendedAttributes,
  sameExtendedAttributes,
  type AttributeChoice,
  type AttributeTarget,
  type ExtendedAttributes,
} from '../../filesystem/extended-attributes.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { withPathHandle } from '../../filesystem/set-mode.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isPrivileged } from '../../model/privileged-attributes.ts';
import type { WorkerContext } from '../worker-context.ts';
import { atSide } from './both-sides.ts';

export interface NamePair {
  readonly sourceDirectory: OpenDirectory;
  readonly destinationDirectory: OpenDirectory;
  /** `.` for the directories themselves. */
  readonly name: string;
}

/** @param known differences found so far @throws SystemError */
export async function compareAttributes(
  context: WorkerContext,
  pair: NamePair,
  known: Differences = 0,
): Promise<Differences> {
  const { xattr, acl } = context.settings.preserve;
  if (!xattr && !acl) return 0;
  const { sourceDirectory, destinationDirectory, name } = pair;
  const read = (directory: OpenDirectory) =>
    withHandle(directory, name, async (handle) => ({
      xattr: xattr ? await readExtendedAttributes(handle, XATTR) : NONE,
      acl: acl ? await readExtendedAttributes(handle, ACL) : NONE,
    }));
  const source = await atSide('source', () => read(sourceDirectory));
  const destination = await atSide('destination', () => read(destinationDirectory));
  return (
    (sameExtendedAttributes(source.xattr, destination.xattr) ? 0 : Difference.xattr) |
    (sameExtendedAttributes(source.acl, destination.acl) ? 0 : Difference.acl) |
    (needsTrust(source.xattr, destination.xattr, known) ? Difference.privilege : 0)
  );
}

/** Setting the owner takes a capability away: it would have to be given again. */
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
  name: string,
  use: (handle: AttributeTarget) => Promise<T>,
): Promise<T> {
  return name === '.' ? use(directory) : withPathHandle(directory, name, use);
}
