/** What a dry run prints: each planned change in rsync's letters. A real run lists changes once made. */
import { readLinkTarget } from '../../filesystem/link-target.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { childPath } from '../../filesystem/root.ts';
import type { Change } from '../../model/change.ts';
import { isSymlink } from '../../model/entry.ts';
import { DELETING, itemize, RENAMING } from '../../policy/itemize.ts';
import { retryInDirectory } from '../walking/fresh-lookup.ts';
import type { PreparingUnit } from './unit.ts';

export function isListing(unit: PreparingUnit): boolean {
  return unit.context.settings.listChanges && !unit.context.setup.mayWrite;
}

export function listDeletion(unit: PreparingUnit, path: string): void {
  if (isListing(unit)) unit.findings.listed.push({ itemized: DELETING, path, sizeBytes: 0 });
}

export function listRespelling(unit: PreparingUnit, path: string): void {
  if (isListing(unit)) unit.findings.listed.push({ itemized: RENAMING, path, sizeBytes: 0 });
}

export async function listChange(unit: PreparingUnit, source: OpenDirectory, change: Change): Promise<void> {
  const { action, source: entry, differences } = change;
  const linkedTo = isSymlink(entry) ? await readTarget(unit, source, change.name) : undefined;
  unit.findings.listed.push({
    itemized: itemize(action, entry, differences, unit.context.settings.preserve),
    path: childPath(source.path, change.name),
    sizeBytes: entry.sizeBytes,
    ...(linkedTo === undefined ? {} : { linkedTo }),
  });
}

async function readTarget({ context }: PreparingUnit, source: OpenDirectory, name: string): Promise<string> {
  return retryInDirectory(context, 'source', source, (directory) => readLinkTarget(directory, name));
}
