/**
 * Visits one directory as Preparing does, for the sake of one name in it, and gathers what is decided about that
 * name. Nothing is planned of any other.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { snapshotOf, StatBuffer } from '../../linux/stat-buffer.ts';
import type { Change } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import type { LeftAloneCause } from '../../model/tally.ts';
import { takeMode } from '../../engine/context/compare-rule.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { visitDirectory, visitSides, withSides } from '../../engine/march/march.ts';
import type { OpenSide } from '../../engine/march/open-side.ts';
import type { Sides, Visitor } from '../../engine/march/visitor.ts';
import type { DirectoryTask } from '../../engine/messages/directory-task.ts';
import { type Findings, newFindings } from '../../engine/messages/findings.ts';
import type { LargeFile } from '../../engine/messages/large-file.ts';
import type { EntryPlace, PlannedDirectory, PreparedDestination } from '../preparing/preparing-scope.ts';
import { planLargeFile } from '../preparing/serve-plan-file.ts';
import { preparingVisitor, type WalkScope } from '../preparing/serve-prepare.ts';

/** What there was to see. What is open there is closed by now. */
export interface Seen {
  /** Where the directory is on the source's side. */
  sides?: Sides;
  /** The same with what takes part. */
  taking?: Sides;
  /** Where only the destination has it. */
  extraneous?: OpenSide;
  readonly findings: Findings;
  /** What options leave out: the name, or the contents of the directory. */
  cause?: LeftAloneCause;
  planned?: Change;
  directory?: PlannedDirectory;
  takenFor?: ByteString;
  isLeftover: boolean;
  /** The name is a directory to be visited. */
  child?: DirectoryTask;
  /** Of the name, or of the directory itself. */
  source?: Entry;
  destination?: Entry;
}

type PreparingVisitor = Visitor<PreparedDestination, EntryPlace>;

/** @param name undefined: the directory itself is asked about */
export async function look(
  context: WorkerContext,
  task: DirectoryTask,
  name: ByteString | undefined,
): Promise<Seen> {
  const seen: Seen = { findings: newFindings(), isLeftover: false };
  const largeFiles: LargeFile[] = [];
  const scope = scopeFor(context, { task, name, seen, largeFiles });
  const visitor = onlyFor(name, preparingVisitor(scope), seen);
  if (task.sides === 'destination') await visitDirectory(visitor, task);
  else {
    await withSides(visitor, task, async (sides) => {
      seen.sides = sides;
      await visitSides(visitor, sides);
      await readFacts(context, seen, { name, source: sides.source, destination: sides.destination });
    });
  }
  // It was listed as a directory, and is none.
  if (seen.child?.only !== undefined) {
    const { child } = seen;
    delete seen.child;
    await visitDirectory(visitor, child);
  }
  for (const file of largeFiles) await planLargeFile(scope, { file, content: 'unread' });
  // Nobody carries it out.
  context.plan.takeRecords();
  return seen;
}

interface Asked {
  readonly task: DirectoryTask;
  readonly name: ByteString | undefined;
  readonly seen: Seen;
  readonly largeFiles: LargeFile[];
}

function scopeFor(context: WorkerContext, { task, name, seen, largeFiles }: Asked): WalkScope {
  const path = name === undefined ? undefined : childPath(task.path, name);
  return {
    context,
    findings: seen.findings,
    largeFiles,
    handOver: () => undefined,
    found: (child) => {
      if (child.path === path || (child.path === task.path && child.only === name)) seen.child = child;
    },
    decisions: {
      left: (each, cause) => {
        if (each === name) seen.cause = cause;
      },
      planned: (change) => {
        if (change.name === name) seen.planned = change;
      },
      directory: (planned) => void (seen.directory = planned),
      leftover: (each) => {
        if (each === name) seen.isLeftover = true;
      },
    },
  };
}

function onlyFor(name: ByteString | undefined, all: PreparingVisitor, seen: Seen): PreparingVisitor {
  const { extraneousDirectories } = all;
  return {
    ...all,
    taken: (path, takenFor) => {
      if (name !== undefined && path === childPath(seen.sides?.path ?? '', name)) seen.takenFor = takenFor;
    },
    left: (cause) => {
      if (cause === 'outside') seen.cause = cause;
    },
    // What else a list names is not asked about.
    unfound: () => undefined,
    begin: async (sides, spellings) => {
      seen.taking = sides;
      return all.begin(sides, spellings);
    },
    name: async (place, each, mayBeThere) => {
      if (each === name) await all.name(place, each, mayBeThere);
    },
    directory: (place, each, there) => {
      if (each === name) all.directory(place, each, there);
    },
    ...(extraneousDirectories && {
      extraneousDirectories: {
        ...extraneousDirectories,
        visit: async (task, destination) => {
          seen.extraneous = destination;
          await extraneousDirectories.visit(task, destination);
          await readFacts(all.context, seen, { name, source: undefined, destination });
        },
      },
    }),
  };
}

interface FactPlace {
  readonly name: ByteString | undefined;
  readonly source: { readonly directory: OpenDirectory | undefined; readonly entry: Entry } | undefined;
  readonly destination: { readonly directory: OpenDirectory; readonly entry: Entry } | undefined;
}

async function readFacts(
  context: WorkerContext,
  seen: Seen,
  { name, source, destination }: FactPlace,
): Promise<void> {
  const [fromSource, fromDestination] =
    name === undefined
      ? [source?.entry, destination?.entry]
      : [
          source?.directory && (await entryOf(source.directory, name, context)),
          destination && (await entryOf(destination.directory, name)),
        ];
  if (fromSource !== undefined) seen.source = fromSource;
  if (fromDestination !== undefined) seen.destination = fromDestination;
}

/** @param context of the source's side. Undefined: it is not there, or cannot be looked at */
async function entryOf(
  directory: OpenDirectory,
  name: ByteString,
  context?: WorkerContext,
): Promise<Entry | undefined> {
  const stat = new StatBuffer();
  if ((await statName(directory, name, stat)) < 0) return undefined;
  if (context !== undefined) takeMode(context, stat);
  return snapshotOf(stat);
}
