/** Two real directories, and what a worker knows of them: for tests of the march and of the phases' insides. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRunCells } from '../../src/engine/context/run-cells.ts';
import { RunActivity } from '../../src/engine/context/run-activity.ts';
import { createRunSpools, type RunSpools } from '../../src/engine/context/run.ts';
import {
  contextOfUnit,
  createIsolateContext,
  type IsolateContext,
  type RootSetup,
  type WorkerContext,
  type WorkerSetup,
} from '../../src/engine/context/worker-context.ts';
import { readOwnRights } from '../../src/filesystem/metadata/own-rights.ts';
import type { Root } from '../../src/filesystem/root.ts';
import { closeLocation, resolveLocation } from '../../src/filesystem/roots/open-location.ts';
import { shareCells } from '../../src/flow/shared-cells.ts';
import { StopFlag } from '../../src/flow/stop-flag.ts';
import type { Linux } from '../../src/linux/call-table.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/model/settings.ts';
import type { Side } from '../../src/model/task.ts';
import { descriptorsBelow, makeScratch, type Scratch } from './open-files.ts';

export interface ContextChanges {
  readonly settings?: Partial<Settings>;
  readonly setup?: Partial<Omit<WorkerSetup['run'], Side>>;
  readonly source?: Partial<RootSetup>;
  readonly destination?: Partial<RootSetup>;
}

export interface TwoTrees {
  readonly scratch: Scratch;
  /** For what units bring. */
  readonly spools: RunSpools;
  /** In memory of its own: what progress shows and the stop flag begin anew. */
  isolate(changes?: ContextChanges): IsolateContext;
  /** Of one unit of an isolate of its own. */
  context(changes?: ContextChanges): WorkerContext;
  /** Makes paths below a root: `d/` is a directory, `l -> t` a symbolic link, all else a file. */
  make(side: Side, ...paths: readonly string[]): void;
  /** How many descriptors below the two roots this process has open, besides the roots' own. */
  readonly openDescriptors: () => number;
  remove(): Promise<void>;
}

export async function makeTwoTrees(): Promise<TwoTrees> {
  const scratch = makeScratch();
  for (const side of ['source', 'destination']) mkdirSync(scratch.path(side));
  const source = await resolveLocation('source', scratch.path('source'));
  const destination = await resolveLocation('destination', scratch.path('destination'));
  const spools = await createRunSpools(scratch.directory);
  const isolate = (changes: ContextChanges = {}): IsolateContext => {
    const activity = new RunActivity();
    const own = { isEfs: false, linkGranularityNs: 1 };
    const settings = {
      ...DEFAULT_SETTINGS,
      stateDirectory: '/nonexistent',
      spoolDirectory: '/nonexistent',
      ...changes.settings,
    };
    const signals = { ...shareCells({ stop: StopFlag.sizeBytes }), heartbeat: activity.shared.heartbeat };
    const plan = { settings, isolateCount: 2, limitsMayChange: false, countsInFlight: true };
    const setup: WorkerSetup = {
      isolate: { index: 0, count: 2, laneCount: 1 },
      settings,
      run: {
        mayWrite: true,
        source: { ...source, ...own, ...changes.source },
        destination: { ...destination, ...own, ...changes.destination },
        rights: readOwnRights(),
        runFiles: { files: [], above: [] },
        ...changes.setup,
      },
      cells: { ...createRunCells(signals, plan), ...activity.own },
    };
    return createIsolateContext(setup, undefined);
  };
  return {
    scratch,
    spools,
    isolate,
    context: (changes) => contextOfUnit(isolate(changes)),
    make: (side, ...paths) => {
      for (const path of paths) makePath(scratch.path(side), path);
    },
    openDescriptors: () =>
      ['source', 'destination'].flatMap((side) => descriptorsBelow(scratch.path(side))).length - 2,
    remove: async () => {
      await closeLocation(source);
      await closeLocation(destination);
      await spools.close();
      scratch.remove();
    },
  };
}

function makePath(root: string, path: string): void {
  const [name, linkTarget] = path.split(' -> ') as [string, string?];
  const full = join(root, name);
  mkdirSync(name.endsWith('/') ? full : dirname(full), { recursive: true });
  if (linkTarget !== undefined) symlinkSync(linkTarget, full);
  else if (!name.endsWith('/')) writeFileSync(full, 'x');
}

/** As the run does with what a unit brings. */
export function keepFingerprints({ spools }: Pick<TwoTrees, 'spools'>, context: WorkerContext): void {
  for (const chunk of context.fingerprints.take()) spools.fingerprints.append(chunk);
}

/** Calls of one side that answer otherwise, as a file system with a fault does. */
export function withCalls<Context extends Pick<WorkerContext, Side>>(
  context: Context,
  side: Side,
  changed: (linux: Linux) => Partial<Linux>,
): Context {
  const { linux, fd } = context[side];
  const root: Root = { fd, linux: { ...linux, ...changed(linux) } };
  // No context of an earlier unit, which would make the calls of before.
  return { ...context, idle: [], [side]: root };
}

/** `asked` grows by each name that is looked up on that side. */
export function withLookupsNoted(
  given: WorkerContext,
  side: Side,
): { readonly context: WorkerContext; readonly asked: string[] } {
  const asked: string[] = [];
  const context = withCalls(given, side, ({ local }) => ({
    local: {
      ...local,
      statx: (fd, name, ...rest) => {
        asked.push(name);
        return local.statx(fd, name, ...rest);
      },
    },
  }));
  return { context, asked };
}

/** One side lists the names that its first call gives, and then fails. */
export function withListingThatFails(context: WorkerContext, side: Side, errno: number): WorkerContext {
  const begun = new Set<number>();
  return withCalls(context, side, ({ getdents64 }) => ({
    getdents64: (fd, buffer, length) => {
      if (begun.has(fd)) return -errno;
      begun.add(fd);
      return getdents64(fd, buffer, length);
    },
  }));
}

/** One side cannot open a path below its root; `.` is the root itself. */
export function withUnopened(context: WorkerContext, side: Side, path: string, errno: number): WorkerContext {
  return withCalls(context, side, ({ openat2 }) => ({
    openat2: (fd, name, how, length) => (name === path ? -errno : openat2(fd, name, how, length)),
  }));
}
