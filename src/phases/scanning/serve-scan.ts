/** The worker's side of a scan: looks at every entry of the source for what the destination cannot hold. */
import { readExtendedAttributes, type AttributeTarget } from '../../filesystem/extended-attributes.ts';
import { readEntry } from '../../filesystem/entry-stat.ts';
import { closeDirectory } from '../../filesystem/open-directory.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { withPathHandle } from '../../filesystem/set-mode.ts';
import { forEachLane } from '../../flow/lanes.ts';
import type { Entry } from '../../model/entry.ts';
import { isSkipped } from '../../policy/decide-change.ts';
import { attributeObstacle, findObstacles, type Found } from '../../policy/find-obstacles.ts';
import { newFindings, problemFrom } from '../findings.ts';
import type { ScanResult, ScanUnit } from '../units.ts';
import type { DirectoryTask } from '../walking/directory-task.ts';
import { isLeftOut, openSide, openWithRetries, type OpenSide } from '../walking/open-side.ts';
import { walkUnit } from '../walking/walk-unit.ts';
import type { WorkerContext } from '../worker-context.ts';

type Scanning = Pick<ScanResult, 'findings'> & {
  readonly context: WorkerContext;
  readonly limits: ScanUnit['limits'];
  readonly obstacles: ScanResult['obstacles'][number][];
};

export async function serveScan(context: WorkerContext, work: ScanUnit): Promise<ScanResult> {
  const scanning: Scanning = { context, limits: work.limits, findings: newFindings(), obstacles: [] };
  const leftover = await walkUnit(work, {
    laneCount: context.laneCount,
    isStopped: () => context.stop.isRaised || scanning.obstacles.length > MOST_OBSTACLES,
    visit: (task, found) => scanDirectory(scanning, task, found),
  });
  return { unit: 'scan', findings: scanning.findings, leftover, obstacles: scanning.obstacles };
}

/** They are a message to the main isolate: the rest of the directories waits for the next unit. */
const MOST_OBSTACLES = 1000;

async function scanDirectory(
  scanning: Scanning,
  { path }: DirectoryTask,
  found: (child: DirectoryTask) => void,
): Promise<void> {
  const { context } = scanning;
  try {
    const side = await openWithRetries(context, () => openSide(context, { side: 'source', path }));
    try {
      await scanListed(scanning, side, found);
    } finally {
      await closeDirectory(side.directory);
    }
  } catch (error) {
    if (!isLeftOut(context, error)) addProblem(scanning, error, { path, attempt: 'list' });
  }
}

async function scanListed(
  scanning: Scanning,
  { directory, entry, listing }: OpenSide,
  found: (child: DirectoryTask) => void,
): Promise<void> {
  const { context } = scanning;
  context.counters.add('directoriesListed', 1);
  await examine(scanning, directory, { name: '.', path: directory.path, entry });
  if (listing.incomplete !== undefined) {
    addProblem(scanning, listing.incomplete, { path: directory.path, attempt: 'list' });
  }
  for (const name of listing.directories) {
    const path = childPath(directory.path, name);
    if (takesPart(context, path, true)) found({ path, sides: 'source', makesWay: false });
  }
  await forEachLane(listing.others, context.laneCount, async (name) => {
    const path = childPath(directory.path, name);
    if (!takesPart(context, path, false)) return;
    try {
      await examine(scanning, directory, { name, path, entry: await readEntry(directory, name) });
    } catch (error) {
      addProblem(scanning, error, { path, attempt: 'read the metadata of' });
    }
  });
}

function takesPart({ filter, selection }: WorkerContext, path: string, isDirectory: boolean): boolean {
  if (isDirectory && selection?.isOnTheWay(path) === true) return true;
  return filter === undefined || !filter.isExcluded(path, isDirectory);
}

interface Named {
  /** `.` for the directory itself. */
  readonly name: string;
  readonly path: string;
  readonly entry: Entry;
}

/** @throws SystemError */
async function examine(scanning: Scanning, directory: OpenDirectory, named: Named): Promise<void> {
  const { context, limits, obstacles } = scanning;
  const { path, entry } = named;
  context.counters.add('sourceEntries', 1);
  if (isSkipped(entry, context.settings)) return;
  const found = findObstacles(path, entry, limits);
  if (!limits.holdsAttributes) found.push(...(await attributesOf(context, directory, named)));
  const group = `${entry.device}:${entry.inode}`;
  for (const each of found) obstacles.push({ path, ...each, ...(each.effect === 'split' && { group }) });
}

/** Asked for only where they are to be preserved. @throws SystemError */
async function attributesOf(
  { settings }: WorkerContext,
  directory: OpenDirectory,
  { name }: Named,
): Promise<Found[]> {
  const { xattr, acl } = settings.preserve;
  if (!xattr && !acl) return [];
  const read = (at: AttributeTarget) => readExtendedAttributes(at, { xattr, acl });
  const all = name === '.' ? await read(directory) : await withPathHandle(directory, name, read);
  const names = [...all.keys()];
  return [
    ...(names.some(isAcl) ? [attributeObstacle('acl')] : []),
    ...(names.every(isAcl) ? [] : [attributeObstacle('extended attributes')]),
  ];
}

function isAcl(attribute: string): boolean {
  return attribute.startsWith('system.posix_acl_');
}

function addProblem(
  { findings }: Scanning,
  error: unknown,
  at: { readonly path: string; readonly attempt: string },
): void {
  findings.problems.push(problemFrom(error, { phase: 'preparing', side: 'source', ...at }));
}
