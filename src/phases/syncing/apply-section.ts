/** Applies the changes of one directory. */
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { makeWritable } from '../../filesystem/unlock-directory.ts';
import { forEachLane } from '../../flow/lanes.ts';
import type { PlannedChange, Section } from '../plan/section.ts';
import { sideOf, withBothDirectories } from '../walking/both-sides.ts';
import { retryInDirectory } from '../walking/fresh-lookup.ts';
import { applyWithRetries } from './apply-change.ts';
import { addProblem, mayMakeWritable, type ApplyingUnit } from './apply-unit.ts';
import type { ChangePlace } from './change-place.ts';
import { Creations } from './creations.ts';
import { makeWithContent, type HiddenDirectory } from './hidden-directory.ts';
import { paysToStage, withStaging, type Staging } from './staging.ts';

export async function applySection(unit: ApplyingUnit, section: Section, laneCount: number): Promise<void> {
  const { directoryPath: path, makes } = section;
  if (makes === undefined) return applyWithin(unit, section, { laneCount, hidden: undefined });
  return makeWithContent(unit, { path, entry: makes }, (hidden) =>
    applyWithin(unit, section, { laneCount, hidden }),
  );
}

interface Within {
  readonly laneCount: number;
  readonly hidden: HiddenDirectory | undefined;
}

async function applyWithin(
  unit: ApplyingUnit,
  section: Section,
  { laneCount, hidden }: Within,
): Promise<void> {
  const { context } = unit;
  const { directoryPath: path } = section;
  const use = async (source: OpenDirectory, destination: OpenDirectory): Promise<void> => {
    const createdGid = await prepareDestination(unit, section, { destination, hidden });
    const apply = (staging: Staging | undefined) =>
      applyChanges(unit, { source, destination, createdGid, section, laneCount, staging, hidden });
    if (paysToStage(unit, section)) await withStaging(unit, destination, apply);
    else await apply(undefined);
  };
  try {
    await withBothDirectories(context, path, use, hidden?.path);
  } catch (error) {
    await addProblem(unit, error, { side: sideOf(error) ?? 'destination', path, attempt: 'open' });
  }
}

/** Gives the group that the kernel will give to what is made there. */
async function prepareDestination(
  unit: ApplyingUnit,
  section: Section,
  { destination, hidden }: { destination: OpenDirectory; hidden: HiddenDirectory | undefined },
): Promise<number> {
  const changesNames = section.changes.some(({ action }) => action !== 'adjust');
  const found = hidden === undefined ? destination : { ...destination, path: hidden.path };
  return retryInDirectory(unit.context, 'destination', found, async (directory) => {
    if (changesNames && mayMakeWritable(unit)) await makeWritable(directory);
    return createdGidIn(unit, directory);
  });
}

/** A set-group-id directory gives its own group to what is made in it. */
export async function createdGidIn({ context }: ApplyingUnit, destination: OpenDirectory): Promise<number> {
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
  unit: ApplyingUnit,
  { source, destination, createdGid, section, laneCount, staging, hidden }: OpenSection,
): Promise<void> {
  const creations = new Creations();
  await forEachLane(section.changes, laneCount, async (change: PlannedChange) => {
    if (unit.context.stop.isRaised) return;
    const at: ChangePlace['at'] = { side: 'destination' };
    await applyWithRetries(unit, {
      source, destination, createdGid, creations, staging, hidden, change, at,
    }); // prettier-ignore
  });
}

const SET_GROUP_ID = 0o2000;
