/** The destination directory itself: to be made, or its metadata to be set once its contents are done. */
import type { ByteString } from '../../model/byte-string.ts';
import { parentPath, lastName } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import {
  compareDirectoryEntries,
  keepsOwnMetadata,
  compareAttributes,
} from '../../engine/compare/compare-metadata.ts';
import { problemFrom } from '../../engine/messages/findings.ts';
import { sideOf, withBothDirectories } from '../../engine/march/both-sides.ts';
import { retryInBoth } from '../../engine/march/fresh-lookup.ts';
import type { PreparingScope, PreparedSides } from './preparing-scope.ts';
import { listDirectoryChange, listUnchangedDirectory } from './list-change.ts';

interface PlannedContent {
  readonly isTouched: boolean;
  /** Its section makes it. */
  readonly isMade: boolean;
}

export async function planDirectory(
  scope: PreparingScope,
  sides: PreparedSides,
  { isTouched, isMade }: PlannedContent,
): Promise<void> {
  const { context } = scope;
  const { path, source, destination } = sides;
  const kept = destination && keepsOwnMetadata(context, path, destination.entry);
  if (kept === 'root') scope.decisions?.directory({ kept, differences: 0 });
  if (kept === 'root') return;
  const differences = await directoryDifferences(scope, sides);
  scope.decisions?.directory({ ...(kept && { kept }), differences });
  if (kept === 'others') {
    if (differences !== 0 || isTouched) context.counters.add('directoriesOfOthers', 1);
    return;
  }
  if (destination === undefined) {
    context.counters.add('entriesToCreate', 1);
    const { entry } = source;
    const isClaimed = sides.rank === 'later';
    if (isClaimed) context.plan.directory({ action: 'claim', path, differences, entry });
    const action = isMade || isClaimed ? 'finishNew' : 'create';
    context.plan.directory({ action, path, differences, entry });
  } else {
    if (differences !== 0) context.counters.add('entriesToAdjust', 1);
    else if (context.settings.listUnchanged) listUnchangedDirectory(scope, sides);
    if (differences === 0 && !isTouched && !destination.didUnlock) return;
    context.plan.directory({ action: 'finish', path, differences, entry: source.entry });
  }
  if (differences !== 0) listDirectoryChange(scope, sides, differences);
}

async function directoryDifferences(scope: PreparingScope, sides: PreparedSides): Promise<Differences> {
  const { path, source, destination } = sides;
  if (destination === undefined) return Difference.missing;
  const { context } = scope;
  const fromStat = compareDirectoryEntries(context, 'preparing', {
    source: source.entry,
    destination: destination.entry,
  });
  try {
    if (source.directory === undefined) return fromStat | (await compareUnlisted(scope, path));
    const held = { source: source.directory, destination: destination.directory };
    const fromAttributes = await retryInBoth(context, held, (sourceDirectory, destinationDirectory) =>
      compareAttributes(context, { sourceDirectory, destinationDirectory, name: '.' }),
    );
    return fromStat | fromAttributes;
  } catch (error) {
    const side = sideOf(error) ?? 'destination';
    scope.findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
    return fromStat;
  }
}

/** Who may not list a directory may still ask for its ACL. */
async function compareUnlisted({ context }: PreparingScope, path: ByteString): Promise<Differences> {
  const { xattr, acl } = context.settings.preserve;
  if (!xattr && !acl) return 0;
  return withBothDirectories(context, parentPath(path), (sourceDirectory, destinationDirectory) =>
    compareAttributes(context, { sourceDirectory, destinationDirectory, name: lastName(path) }),
  );
}
