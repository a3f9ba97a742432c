/** Scanning as a visitor of the march: looks at every entry of the source for what the destination cannot hold. */
import type { ByteString } from '../model/byte-string.ts';
import { readExtendedAttributes, type AttributeTarget } from '../filesystem/metadata/extended-attributes.ts';
import { readEntry, readLinkTarget } from '../filesystem/entry-stat.ts';
import { childPath, type OpenDirectory } from '../filesystem/root.ts';
import { withPathHandle } from '../filesystem/metadata/set-mode.ts';
import { displayName } from '../model/display-name.ts';
import { isDirectory, isFile, isSymlink, type Entry } from '../model/entry.ts';
import type { Extent } from '../model/preflight-results.ts';
import { linkDirection } from '../policy/link-direction.ts';
import { collisionText, findCollisions } from '../policy/names/colliding-names.ts';
import { addRemark, type RemarksByKind } from '../policy/remarks.ts';
import { listsName } from '../engine/march/sorted-names.ts';
import { causeInSource } from '../policy/why-left-alone.ts';
import { attributeObstacle, findObstacles, type Found } from '../policy/file-systems/destination-limits.ts';
import { newFindings, problemFrom } from '../engine/messages/findings.ts';
import type { ScanResult, ScanUnit } from '../engine/messages/units.ts';
import type { DirectoryTask } from '../engine/messages/directory-task.ts';
import { visitDirectory, withSides } from '../engine/march/march.ts';
import { openSide, type OpenSide } from '../engine/march/open-side.ts';
import { reportProblems } from '../engine/march/report-problems.ts';
import type { Sides, Visitor } from '../engine/march/visitor.ts';
import { walkUnit } from '../engine/messages/walk.ts';
import type { WorkerContext } from '../engine/context/worker-context.ts';

type Scanning = Pick<ScanResult, 'findings'> & {
  readonly context: WorkerContext;
  readonly limits: ScanUnit['limits'];
  readonly locked: ReadonlySet<string>;
  readonly obstacles: ScanResult['obstacles'][number][];
  readonly extent: { -readonly [Part in keyof Extent]: Extent[Part] };
  readonly remarks: RemarksByKind;
};

export async function serveScan(context: WorkerContext, work: ScanUnit): Promise<ScanResult> {
  const scanning: Scanning = {
    context,
    limits: work.limits,
    locked: new Set(work.locked),
    findings: newFindings(),
    obstacles: [],
    extent: { entries: 0, inodes: 0, sizeBytes: 0, nameBytes: 0 },
    remarks: {},
  };
  const leftover = await walkUnit(work, {
    laneCount: context.laneCount,
    isStopped: () => context.stop.isRaised || scanning.obstacles.length > MOST_OBSTACLES,
    visitorFor: (found) => {
      const visitor = scanningVisitor(scanning, found);
      // The walk begins with both roots.
      return (task) => visitDirectory(visitor, { ...task, sides: 'source' });
    },
  });
  const { findings, obstacles, extent, remarks } = scanning;
  return { unit: 'scan', findings, leftover, obstacles, extent, remarks };
}

/** They are a message to the main isolate: the rest of the directories waits for the next unit. */
const MOST_OBSTACLES = 1000;

function scanningVisitor(
  scanning: Scanning,
  found: (child: DirectoryTask) => void,
): Visitor<OpenSide, OpenDirectory> {
  const { context } = scanning;
  const reports = reportProblems(scanning.findings);
  const visitor: Visitor<OpenSide, OpenDirectory> = {
    context,
    freshness: 'cached',
    found,
    openDestination: (place) => openSide(context, place),
    ...reports,
    unopened: async ({ path }, error) => {
      reports.failed(error, { side: 'source', path, attempt: 'list' });
      return undefined;
    },
    begin: (sides) => beginDirectory(scanning, sides),
    name: (directory, name) => scanName(scanning, directory, name),
    directory: ({ path }, name) => {
      found({ path: childPath(path, name), sides: 'source', makesWay: false });
    },
    alone: (task, name) =>
      withSides(visitor, { ...task, sides: 'source' }, async ({ source: { directory } }) => {
        if (directory !== undefined) await scanName(scanning, directory, name);
      }),
  };
  return visitor;
}

async function beginDirectory(
  scanning: Scanning,
  { path, source: { directory, entry, listing } }: Sides,
): Promise<OpenDirectory | undefined> {
  if (directory === undefined) return undefined;
  scanning.context.counters.add('directoriesListed', 1);
  await scan(scanning, path, () => examine(scanning, directory, { name: '.', path, entry }));
  const isListed = (name: ByteString): boolean => listsName(listing, name);
  for (const collision of findCollisions([listing.directories, listing.others], isListed)) {
    const [name] = collision;
    const example = { path: childPath(path, name), detail: collisionText(collision) };
    addRemark(scanning.remarks, 'alike names', example);
  }
  return directory;
}

async function scanName(scanning: Scanning, directory: OpenDirectory, name: ByteString): Promise<void> {
  const path = childPath(directory.path, name);
  await scan(scanning, path, async () => {
    const entry = await readEntry(directory, name);
    await examine(scanning, directory, { name, path, entry });
  });
}

async function scan({ findings }: Scanning, path: ByteString, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    const at = { phase: 'preparing', side: 'source', path, attempt: 'read metadata' } as const;
    findings.problems.push(problemFrom(error, at));
  }
}

interface Named {
  /** `.` for the directory itself. */
  readonly name: ByteString;
  readonly path: ByteString;
  readonly entry: Entry;
}

/** @throws SystemError */
async function examine(scanning: Scanning, directory: OpenDirectory, named: Named): Promise<void> {
  const { context, limits, obstacles } = scanning;
  const { path, entry } = named;
  context.counters.add('sourceEntries', 1);
  if (causeInSource(entry, context.settings) !== undefined) return;
  measure(scanning, named);
  if (isSymlink(entry)) await lookAtLink(scanning, directory, named);
  const found = findObstacles(path, entry, limits);
  if (!limits.holdsAttributes) found.push(...(await attributesOf(context, directory, named)));
  const group = `${entry.device}:${entry.inode}`;
  for (const each of found) obstacles.push({ path, ...each, ...(each.effect === 'split' && { group }) });
}

function measure({ extent, locked, remarks }: Scanning, { name, path, entry }: Named): void {
  // All names of a file together count as one.
  const share = isDirectory(entry) ? 1 : 1 / Math.max(1, entry.linkCount);
  extent.entries += 1;
  extent.inodes += share;
  extent.nameBytes += name.length;
  if (!isFile(entry)) return;
  extent.sizeBytes += entry.sizeBytes * share;
  if (locked.size > 0 && locked.has(`${entry.device}:${entry.inode}`))
    addRemark(remarks, 'locked files', { path, detail: '' });
}

/** @throws SystemError */
async function lookAtLink(
  { remarks }: Scanning,
  directory: OpenDirectory,
  { name, path, entry }: Named,
): Promise<void> {
  const target = await readLinkTarget(directory, name, entry.sizeBytes);
  const direction = linkDirection(path, target);
  if (direction !== 'within') addRemark(remarks, `${direction} links`, { path, detail: displayName(target) });
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
