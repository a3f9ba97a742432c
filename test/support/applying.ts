/** One unit of Syncing, and changes in their two open directories: for tests of what a section is made of. */
import { Creations, type ChangePlace } from '../../src/phases/syncing/names/change-place.ts';
import type { WorkerContext } from '../../src/engine/context/worker-context.ts';
import type { DirectoryAction, DirectoryRecord } from '../../src/engine/plan/records.ts';
import type { PlannedChange } from '../../src/engine/plan/section.ts';
import { readEntry, readOpenEntry } from '../../src/filesystem/entry-stat.ts';
import { withDirectory } from '../../src/filesystem/open-directory.ts';
import { lastName, parentPath, type OpenDirectory } from '../../src/filesystem/root.ts';
import { Difference } from '../../src/model/change.ts';
import type { Entry } from '../../src/model/entry.ts';
import type { OwnerRights } from '../../src/model/owner-rights.ts';
import type { Side } from '../../src/model/task.ts';
import { entryOf } from './entries.ts';

/** Nothing that a test makes belongs to this user. */
export const STRANGER: OwnerRights = {
  isRoot: false,
  uid: 4242,
  gid: 4242,
  groups: new Set([4242]),
  mapped: undefined,
};

/** A name that the destination does not have, unless `planned` says otherwise. */
export async function withPlace<T>(
  context: WorkerContext,
  path: string,
  planned: Partial<PlannedChange>,
  use: (place: ChangePlace) => Promise<T>,
): Promise<T> {
  const change: PlannedChange = {
    action: 'write',
    name: lastName(path),
    differences: Difference.missing,
    source: planned.source ?? entryOf(),
    leaderPath: '',
    staleInode: 0n,
    ...planned,
  };
  return withDirectory(context.source, parentPath(path), (source) =>
    withDirectory(context.destination, parentPath(path), (destination) =>
      use({
        source,
        destination,
        change,
        hidden: undefined,
        createdGid: context.setup.rights.gid,
        creations: new Creations(),
        staging: undefined,
        at: { side: 'destination' },
      }),
    ),
  );
}

/** What is at that path now. */
export async function entryAt(context: WorkerContext, side: Side, path: string): Promise<Entry> {
  if (path === '') return withDirectory(context[side], '', (root) => readOpenEntry(root));
  return withDirectory(context[side], parentPath(path), (directory) => readEntry(directory, lastName(path)));
}

export async function inDestination<T>(
  context: WorkerContext,
  path: string,
  use: (directory: OpenDirectory) => Promise<T>,
): Promise<T> {
  return withDirectory(context.destination, path, use);
}

export function directoryRecord(
  action: DirectoryAction,
  path: string,
  entry: Entry,
  differences = 0,
): DirectoryRecord {
  return { action, path, entry, differences };
}
