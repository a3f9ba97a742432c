/** Compares extended attributes and ACLs of an entry's two sides, where they are to be preserved. */
import { readExtendedAttributes, sameExtendedAttributes } from '../../filesystem/extended-attributes.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import type { WorkerContext } from '../worker-context.ts';
import { atSide } from './both-sides.ts';

export interface NamePair {
  readonly sourceDirectory: OpenDirectory;
  readonly destinationDirectory: OpenDirectory;
  /** `.` for the directories themselves. */
  readonly name: string;
}

/** @throws SystemError */
export async function compareAttributes(context: WorkerContext, pair: NamePair): Promise<Differences> {
  const { xattr, acl } = context.settings.preserve;
  let differences = 0;
  if (xattr && !(await isSame(pair, { xattr: true, acl: false }))) differences |= Difference.xattr;
  if (acl && !(await isSame(pair, { xattr: false, acl: true }))) differences |= Difference.acl;
  return differences;
}

async function isSame(pair: NamePair, which: { xattr: boolean; acl: boolean }): Promise<boolean> {
  const { sourceDirectory, destinationDirectory, name } = pair;
  const read = (directory: OpenDirectory) => readExtendedAttributes(attributeTarget(directory, name), which);
  const source = await atSide('source', () => read(sourceDirectory));
  const destination = await atSide('destination', () => read(destinationDirectory));
  return sameExtendedAttributes(source, destination);
}

export function attributeTarget(directory: OpenDirectory, name: string) {
  const { linux, fd, path } = directory;
  return { linux, directoryFd: fd, name, path: name === '.' ? path : childPath(path, name) };
}
