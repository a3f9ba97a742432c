/** Verifying as a visitor of the march: both sides listed once more, every name compared. */
import type { ByteString } from '../../model/byte-string.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { sameIdentity } from '../../model/entry.ts';
import { describeDifferences, judgeDifferences, wantedOf } from '../../policy/compare/judge.ts';
import { causeOfDirectory } from '../../policy/why-left-alone.ts';
import {
  compareAttributes,
  compareDirectoryEntries,
  keepsOwnMetadata,
} from '../../engine/compare/compare-metadata.ts';
import { type BothDirectories, withBothDirectories } from '../../engine/march/both-sides.ts';
import { retryInBoth } from '../../engine/march/fresh-lookup.ts';
import { visitDirectory } from '../../engine/march/march.ts';
import { openSide, type OpenSide } from '../../engine/march/open-side.ts';
import { describeTaken } from '../../engine/march/report-problems.ts';
import type { AtDestination, Sides, SourceSide, Visitor } from '../../engine/march/visitor.ts';
import { asNameIn, type DirectoryTask } from '../../engine/messages/directory-task.ts';
import { countMissing, countName, countUnopened, missingTask } from './count-missing.ts';
import { countOtherOwner, countUnjudged, wasLeft } from './leave-unjudged.ts';
import { verifyEntry } from './verify-entry.ts';
import { suspectExtraneous, verifyExtraneous, verifyExtraneousName } from './verify-extraneous.ts';
import { suspect, suspectUnread, type VerifyingScope } from './verifying-scope.ts';
import { noteVerified } from './verified-record.ts';

export function verifyDirectories(scope: VerifyingScope): (task: DirectoryTask) => Promise<void> {
  const visitor = verifyingVisitor(scope);
  return async (task) => {
    try {
      await visitDirectory(visitor, task);
    } catch (error) {
      suspectUnread(scope, error, { path: task.path, side: 'source' });
    }
  };
}

function verifyingVisitor(scope: VerifyingScope): Visitor<OpenSide, VerifiedPlace> {
  const { context, found } = scope;
  return {
    context,
    freshness: 'server',
    looksUpEveryName: !context.settings.existingOnly,
    found,
    openDestination: (place) => openSide(context, place),
    failed: (error, at) => suspectUnread(scope, error, at),
    unfound: (path, { reason }) => {
      suspect(scope, { class: 'read error', path, detail: `source: ${reason}` });
    },
    left: (cause, count) => countUnjudged(scope, cause, count),
    taken: (path, takenFor) => {
      const detail = describeTaken(takenFor);
      suspect(scope, { class: 'name taken', path, differences: Difference.name, detail });
    },
    unopened: (task, error) => suspectUnopened(scope, task, error),
    begin: async (sides, spellings) => {
      context.counters.add('otherSpellings', spellings?.respelled.length ?? 0);
      return beginDirectory(scope, sides);
    },
    name: ({ open: { source, destination } }, name) =>
      verifyEntry(scope, { source, destination, name }, false),
    directory: (place, name, there) => verifySubdirectory(scope, place, { name, there }),
    extraneous: ({ sides }) => suspectExtraneous(scope, sides),
    alone: (task, name) => verifyAlone(scope, task, name),
    extraneousDirectories: {
      visit: (_task, destination) => verifyExtraneous(scope, destination),
      name: ({ path }) => verifyExtraneousName(scope, path),
    },
  };
}

interface VerifiedPlace {
  readonly sides: Sides;
  readonly open: BothDirectories;
}

async function beginDirectory(scope: VerifyingScope, sides: Sides): Promise<VerifiedPlace | undefined> {
  const { path, source, destination, missingFrom } = sides;
  if (missingFrom !== undefined) {
    countMissing(scope, sides, missingFrom);
    return undefined;
  }
  if (source.directory === undefined) return undefined;
  if (destination === undefined) {
    // It went, or is another kind, since it was listed: as a name of the directory above it is compared.
    scope.found(asNameIn({ path }));
    return undefined;
  }
  // Preparing lists what is in the roots, and the counts are to agree.
  if (path !== '') scope.context.counters.add('entriesVerified', 1);
  const open = { source: source.directory, destination: destination.directory };
  try {
    if (!isDestinationRoot(scope, source)) await compareDirectories(scope, { source, destination }, open);
  } catch (error) {
    suspectUnread(scope, error, { path, side: 'source' });
  }
  return { sides, open };
}

function verifySubdirectory(
  scope: VerifyingScope,
  { sides }: VerifiedPlace,
  { name, there }: { name: ByteString; there: AtDestination },
): void {
  const { path: directoryPath, keepsExtraneous } = sides;
  const cause = causeOfDirectory(there, scope.context.settings);
  if (cause !== undefined && wasLeft(scope, directoryPath, name)) {
    countUnjudged(scope, cause);
    return;
  }
  const path = childPath(directoryPath, name);
  if (there === 'nothing') scope.found(missingTask(path));
  else scope.found({ path, sides: 'both', makesWay: false, keepsExtraneous });
}

async function verifyAlone(
  scope: VerifyingScope,
  { path, missingFrom }: DirectoryTask,
  name: ByteString,
): Promise<void> {
  if (missingFrom !== undefined) {
    countName(scope, missingFrom);
    return;
  }
  try {
    await withBothDirectories(scope.context, path, (source, destination) =>
      verifyEntry(scope, { source, destination, name }, true),
    );
  } catch (error) {
    suspectUnread(scope, error, { path: childPath(path, name), side: 'source' });
  }
}

async function suspectUnopened(
  scope: VerifyingScope,
  { path, missingFrom }: DirectoryTask,
  error: unknown,
): Promise<undefined> {
  if (missingFrom === undefined) suspectUnread(scope, error, { path, side: 'source' });
  else await countUnopened(scope, path, missingFrom);
}

/** It lies in the source with --one-file-system: to write below it is what moves its time. */
function isDestinationRoot({ context }: VerifyingScope, { isOutside, entry }: SourceSide): boolean {
  return isOutside && sameIdentity(entry, context.setup.destination);
}

async function compareDirectories(
  scope: VerifyingScope,
  { source, destination }: { source: SourceSide; destination: OpenSide },
  open: BothDirectories,
): Promise<void> {
  const { context } = scope;
  const { path } = open.source;
  const fromAttributes = await retryInBoth(context, open, (sourceDirectory, destinationDirectory) =>
    compareAttributes(context, { sourceDirectory, destinationDirectory, name: '.' }),
  );
  noteVerified(scope, { path, entry: destination.entry });
  const kept = keepsOwnMetadata(context, path, destination.entry);
  if (kept === 'root') return;
  const differences =
    compareDirectoryEntries(context, 'verifying', { source: source.entry, destination: destination.entry }) |
    fromAttributes;
  countOtherOwner(scope, source.entry, destination.entry);
  if (differences === 0) return;
  if (kept === 'others') {
    // Preparing has counted it, where there was one.
    if (!context.setup.mayWrite) context.counters.add('directoriesOfOthers', 1);
    return;
  }
  suspect(scope, {
    class: judgeDifferences(differences),
    path,
    differences,
    detail: describeDifferences(
      differences,
      source.entry,
      destination.entry,
      wantedOf(context.rule, source.entry),
    ),
    source: source.entry,
  });
}
