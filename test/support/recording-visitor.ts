/** A visitor of the march that writes down what it is shown, in order. */
import { visitDirectory, withSides } from '../../src/engine/march/march.ts';
import { openSide, type OpenSide } from '../../src/engine/march/open-side.ts';
import { takePart } from '../../src/engine/march/take-part.ts';
import type { Sides, Visitor } from '../../src/engine/march/visitor.ts';
import type { WorkerContext } from '../../src/engine/context/worker-context.ts';
import { ROOT_TASK, type DirectoryTask } from '../../src/engine/messages/directory-task.ts';

export interface Recording {
  readonly visitor: Visitor<OpenSide, Sides>;
  /** Each call of the visitor: its method, then its arguments. */
  readonly shown: unknown[][];
  readonly found: DirectoryTask[];
}

export function recordVisit(
  context: WorkerContext,
  changes: Partial<Visitor<OpenSide, Sides>> = {},
): Recording {
  const shown: unknown[][] = [];
  const found: DirectoryTask[] = [];
  const visitor: Visitor<OpenSide, Sides> = {
    context,
    freshness: 'cached',
    found: (child) => found.push(child),
    openDestination: async (place) => openSide(context, place),
    unopened: async ({ path }, error) => {
      shown.push(['unopened', path, codeOf(error)]);
      return Promise.resolve(undefined);
    },
    failed: (error, { side, path, attempt }) => shown.push(['failed', side, path, attempt, codeOf(error)]),
    unfound: (path, { code }) => shown.push(['unfound', path, code]),
    left: (cause, count) => shown.push(['left', cause, count]),
    taken: (path, takenFor) => shown.push(['taken', path, takenFor]),
    notVisited: () => shown.push(['notVisited']),
    begin: async (sides) => {
      shown.push(['begin', sides.path]);
      return Promise.resolve(sides);
    },
    name: async (_, name, mayBeThere) => {
      shown.push(['name', name, mayBeThere]);
      return Promise.resolve();
    },
    directory: (_, name, there) => shown.push(['directory', name, there]),
    extraneous: async () => {
      shown.push(['extraneous']);
      return Promise.resolve();
    },
    end: async () => {
      shown.push(['end']);
      return Promise.resolve();
    },
    alone: async ({ path }, name) => {
      shown.push(['alone', path, name]);
      return Promise.resolve();
    },
    extraneousDirectories: {
      visit: async ({ path }, { listing: { directories, others } }) => {
        shown.push(['extraneous directory', path, directories, others]);
        return Promise.resolve();
      },
      name: ({ path }) => {
        shown.push(['extraneous name', path]);
        return Promise.resolve();
      },
      stays: ({ path }) => shown.push(['extraneous stays', path]),
    },
    ...changes,
  };
  return { visitor, shown, found };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

export async function visit(
  task: DirectoryTask,
  context: WorkerContext,
  changes: Parameters<typeof recordVisit>[1] = {},
): Promise<Recording> {
  const recording = recordVisit(context, changes);
  await visitDirectory(recording.visitor, task);
  return recording;
}

export interface Taking {
  /** `undefined`: the name leads to nothing that is synced. */
  readonly source: readonly string[] | undefined;
  readonly destination: readonly string[] | undefined;
  readonly keepsExtraneous: boolean | undefined;
  readonly told: unknown[][];
}

/** Names in each listing, directories with a slash. */
function namesOf(side: Sides['destination'] | Sides['source']): string[] | undefined {
  return side && [...side.listing.directories.map((name) => `${name}/`), ...side.listing.others];
}

export async function take(context: WorkerContext, task: DirectoryTask = ROOT_TASK): Promise<Taking> {
  const { visitor, shown } = recordVisit(context);
  let sides: Sides | undefined;
  await withSides(visitor, task, async (given) => {
    sides = (await takePart(visitor, given))?.sides;
  });
  return {
    source: namesOf(sides?.source),
    destination: namesOf(sides?.destination),
    keepsExtraneous: sides?.keepsExtraneous,
    told: shown,
  };
}
