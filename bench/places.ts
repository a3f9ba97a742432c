/** Makes the directories of one scenario, where the user wants them, and removes them at the end. */
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeBytes, isNetwork, isSameFileSystem } from './file-systems.ts';
import { copyInParallel, removeInParallel } from './parallel.ts';
import type { Plan } from './plan.ts';
import { pipeline, quote, runCommand } from './run-command.ts';
import type { Places, Scenario, Tree } from './scenario.ts';

/** A local disk; /tmp is often a tmpfs. */
const DISK = '/var/tmp';
const PARENTS = { tmpfs: '/dev/shm', 'local disk': DISK, mounts: DISK };

/** Allows for the file system's own data. */
const ROOM_FACTOR = 1.05;

interface Parents {
  readonly source: string;
  readonly destination: string;
}

/** A tree and the place where it is created. */
type Placed = Pick<Scenario, 'tree' | 'place'>;

export function titleOf(scenario: Scenario, plan: Plan): string {
  const { tree, place, work } = scenario;
  const { source, destination } = parentsOf(scenario, plan);
  if (plan.source !== undefined) return `${plan.source} to ${destination}, ${work}`;
  if (tree.description === '') return work;
  const isNamed = plan.sourceParent !== undefined || plan.destinationParent !== undefined;
  const title = `${tree.description}, ${isNamed ? `${source} to ${destination}` : place}, ${work}`;
  return plan.scale === 1 ? title : `${title}, all of it times ${plan.scale}`;
}

/** Why a scenario's trees do not fit, or undefined. */
export function lackOfRoom(scenario: Placed, plan: Plan): string | undefined {
  if (plan.source !== undefined) return undefined;
  const { source, destination } = parentsOf(scenario, plan);
  const neededBytes = scenario.tree.sizeBytes * plan.scale * ROOM_FACTOR;
  const isShared = isSameFileSystem(source, destination);
  if (isShared) return lackIn(source, 2 * neededBytes);
  return lackIn(source, neededBytes) ?? lackIn(destination, neededBytes);
}

function lackIn(directory: string, neededBytes: number): string | undefined {
  const free = freeBytes(directory);
  if (neededBytes <= free) return undefined;
  return `${inGiB(neededBytes)} are needed in ${directory}, ${inGiB(free)} are free`;
}

function inGiB(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** Returns the result of `use`, and removes the places in any case. */
export function withPlaces<Result>(scenario: Placed, plan: Plan, use: (places: Places) => Result): Result {
  const parents = parentsOf(scenario, plan);
  const made = [parents.source, parents.destination, tmpdir()].map((parent) =>
    mkdtempSync(join(parent, 'efs-sync-bench-')),
  );
  const [sourceWork = '', destinationWork = '', scratch = ''] = made;
  try {
    const source = plan.source ?? join(sourceWork, 'source');
    if (plan.source === undefined) makeSource(scenario.tree, source, { scratch, scale: plan.scale });
    return use({
      source,
      destination: join(destinationWork, 'destination'),
      scratch,
      files: countFiles(source),
      network: isNetwork(source) || isNetwork(destinationWork),
    });
  } finally {
    for (const directory of made) if (existsSync(directory)) removeInParallel(directory);
  }
}

function parentsOf({ place }: Placed, plan: Plan): Parents {
  return {
    source: plan.sourceParent ?? PARENTS[place],
    destination: plan.destinationParent ?? PARENTS[place],
  };
}

interface Making {
  readonly scratch: string;
  readonly scale: number;
}

function makeSource(tree: Tree, source: string, { scratch, scale }: Making): void {
  const isStaged = tree.isManyFiles && isNetwork(join(source, '..'));
  const directory = isStaged ? join(scratch, 'source') : source;
  mkdirSync(directory);
  tree.make(directory, scale);
  if (!isStaged) return;
  copyInParallel(directory, source);
  removeInParallel(directory);
}

function countFiles(directory: string): number {
  return Number(runCommand(...pipeline(`find ${quote(directory)} ! -type d -printf x | wc -c`)));
}
