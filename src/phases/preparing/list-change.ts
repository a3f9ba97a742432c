/** What a dry run prints: each planned change in rsync's letters. A real run lists changes once made. */
import type { ByteString } from '../../model/byte-string.ts';
import { readLinkTarget } from '../../filesystem/entry-stat.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { type Change, Difference, type Differences } from '../../model/change.ts';
import { type Entry, isSymlink } from '../../model/entry.ts';
import { RENAMING } from '../../policy/compare/itemize.ts';
import { listedChange, listedUnchanged } from '../../policy/compare/listed-change.ts';
import { retryInDirectory } from '../../engine/march/fresh-lookup.ts';
import type { PreparingScope, PreparedSides } from './preparing-scope.ts';

export function isListing(scope: PreparingScope): boolean {
  return scope.context.settings.listChanges && !scope.context.setup.mayWrite;
}

export function listDeletion(scope: PreparingScope, path: ByteString): void {
  if (isListing(scope)) scope.findings.deletions.push(path);
}

export function listRespelling(scope: PreparingScope, path: ByteString): void {
  if (isListing(scope)) scope.findings.listed.push({ itemized: RENAMING, path, sizeBytes: 0 });
}

export async function listChange(
  scope: PreparingScope,
  source: OpenDirectory,
  change: Change,
): Promise<void> {
  const linkedTo = isSymlink(change.source) ? await readTarget(scope, source, change.name) : undefined;
  const path = childPath(source.path, change.name);
  scope.findings.listed.push(listedChange({ ...change, path, linkedTo }, scope.context.settings));
}

/** `-ii`, in a real run too: it is known now that nothing needs doing. @param directory that of the source, if open */
export async function listUnchanged(
  scope: PreparingScope,
  directory: OpenDirectory | undefined,
  { name, path, source }: { name: ByteString; path: ByteString; source: Entry },
): Promise<void> {
  const isLink = isSymlink(source) && directory !== undefined;
  const linkedTo = isLink ? await readTarget(scope, directory, name) : undefined;
  const entry = { action: 'adjust', path, source, linkedTo } as const;
  scope.findings.listed.push(listedUnchanged(entry, scope.context.settings));
}

export function listUnchangedDirectory(scope: PreparingScope, { path, source }: PreparedSides): void {
  const entry = { action: 'adjust', path: path === '' ? './' : `${path}/`, source: source.entry } as const;
  scope.findings.listed.push(listedUnchanged(entry, scope.context.settings));
}

async function readTarget(
  { context }: PreparingScope,
  source: OpenDirectory,
  name: ByteString,
): Promise<string> {
  return retryInDirectory(context, 'source', source, (directory) => readLinkTarget(directory, name));
}

/** The destination directory itself: it is made, or its metadata is set. */
export function listDirectoryChange(
  scope: PreparingScope,
  { path, source }: PreparedSides,
  differences: Differences,
): void {
  if (!isListing(scope)) return;
  const action = (differences & Difference.missing) === 0 ? 'adjust' : 'write';
  const change = {
    action,
    differences,
    source: source.entry,
    path: path === '' ? './' : `${path}/`,
  } as const;
  scope.findings.listed.push({ ...listedChange(change, scope.context.settings), sizeBytes: 0 });
}
