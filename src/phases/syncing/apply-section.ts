/** Applies the changes of one directory. */
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { forEachLane } from '../../flow/lanes.ts';
import type { PlannedChange, Section } from '../../engine/plan/section.ts';
import { sideOf, withBothDirectories } from '../../engine/march/both-sides.ts';
import { retryInDirectory } from '../../engine/march/fresh-lookup.ts';
import { applyWithRetries } from './apply-change.ts';
import { addProblem, openUp, type ApplyingScope } from './scope/applying-scope.ts';
import { type ChangePlace, Creations } from './names/change-place.ts';
import { moveOrCopy } from './move-file.ts';
import { makeWithContent, type HiddenDirectory } from './names/hidden-directory.ts';
import { ownTemporariesFor } from './names/own-temporaries.ts';
import { paysToStage, withStaging, Staging } from './names/staging.ts';

interface Share {
  readonly laneCount: number;
  /** In the whole run. */
  readonly filesToTransfer: number;
}

export async function applySection(scope: ApplyingScope, section: Section, share: Share): Promise<void> {
  const { directoryPath: path, makes } = section;
  if (makes === undefined) return applyWithin(scope, section, { hidden: undefined, ...share });
  return makeWithContent(scope, { path, entry: makes }, (hidden) =>
    applyWithin(scope, section, { hidden, ...share }),
  );
}

interface Within extends Share {
  readonly hidden: HiddenDirectory | undefined;
}

async function applyWithin(
  scope: ApplyingScope,
  section: Section,
  { laneCount, filesToTransfer, hidden }: Within,
): Promise<void> {
  const { context } = scope;
  const { directoryPath: path } = section;
  const use = async (source: OpenDirectory, destination: OpenDirectory): Promise<void> => {
    const { createdGid, elsewhere } = await prepareDestination(scope, section, { destination, hidden });
    const apply = (staging: Staging | undefined) =>
      applyChanges(scope, { source, destination, createdGid, section, laneCount, staging, hidden });
    if (elsewhere !== undefined) await apply(elsewhere);
    else if (paysToStage(scope, section, filesToTransfer)) await withStaging(scope, destination, apply);
    else await apply(undefined);
  };
  try {
    await withBothDirectories(context, path, use, hidden?.path);
  } catch (error) {
    await addProblem(scope, error, { side: sideOf(error) ?? 'destination', path, attempt: 'open' });
  }
}

async function prepareDestination(
  scope: ApplyingScope,
  section: Section,
  { destination, hidden }: { destination: OpenDirectory; hidden: HiddenDirectory | undefined },
): Promise<WhereFilesBegin> {
  const changesNames = section.changes.some(({ action }) => action !== 'adjust');
  const found = hidden === undefined ? destination : { ...destination, path: hidden.path };
  return retryInDirectory(scope.context, 'destination', found, async (directory) => {
    if (changesNames) await openUp(scope, directory);
    return whereFilesBegin(scope, directory);
  });
}

interface WhereFilesBegin {
  /** The group that the kernel assigns to new files. */
  readonly createdGid: number;
  /** `--temp-dir`. Undefined: in the directory itself. */
  readonly elsewhere: Staging | undefined;
}

export async function whereFilesBegin(
  scope: ApplyingScope,
  destination: OpenDirectory,
): Promise<WhereFilesBegin> {
  const own = await ownTemporariesFor(scope.context, destination);
  const createdGid = await createdGidIn(scope, own ?? destination);
  return { createdGid, elsewhere: own && new Staging([own], true) };
}

/** A set-group-id directory passes its group on to new entries. */
async function createdGidIn({ context }: ApplyingScope, destination: OpenDirectory): Promise<number> {
  const { mode, gid } = await readOpenEntry(destination);
  return (mode & SET_GROUP_ID) === 0 ? context.setup.rights.gid : gid;
}

interface OpenSection {
  readonly source: OpenDirectory;
  readonly destination: OpenDirectory;
  readonly createdGid: number;
  readonly section: Section;
  readonly laneCount: number;
  readonly staging: Staging | undefined;
  readonly hidden: HiddenDirectory | undefined;
}

async function applyChanges(
  scope: ApplyingScope,
  { source, destination, createdGid, section, laneCount, staging, hidden }: OpenSection,
): Promise<void> {
  const creations = new Creations();
  await forEachLane(section.changes, laneCount, async (change: PlannedChange) => {
    if (scope.context.stop.isRaised) return;
    const at: ChangePlace['at'] = { side: 'destination' };
    const place = { source, destination, createdGid, creations, staging, hidden, change, at };
    const planned = change.action === 'move' ? await moveOrCopy(scope, place) : change;
    if (planned === undefined) return;
    await applyWithRetries(scope, planned === change ? place : { ...place, change: planned });
  });
}

const SET_GROUP_ID = 0o2000;
