/** Records a run on a disk that may lose its power at any moment, and judges what is left then. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { startHelper } from '../support/helper-process.ts';
import {
  buildImage,
  makeImage,
  record,
  recordedBytes,
  recordsOf,
  withMounted,
  type Cut,
  type DiskFormat,
  type Recording,
} from '../support/logdisk.ts';
import type { Round } from '../support/long-run.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { run, type Trees } from '../support/scenario.ts';
import { isOwnName } from './trees.ts';
import { powerCutTrees } from './power-cut-trees.ts';

export interface PowerCutScenario {
  readonly name: string;
  readonly args: readonly string[];
  readonly isUpdate: boolean;
}

/** Slow enough for the journal to commit many times during the copy. */
const SLOWLY = '--bwlimit=4M';
/** Longer than the commit interval of one second. Unflushed content may take half a minute. */
const AFTERWARDS_MS = 1500;

export interface RecordedRun extends Recording {
  readonly scenario: PowerCutScenario;
  /** The length of the log when the run ended with exit status 0. */
  readonly exitBytes: number;
  readonly endBytes: number;
}

export async function recordRun(
  trees: Trees,
  scenario: PowerCutScenario,
  { format, round }: { format: DiskFormat; round: Round },
): Promise<RecordedRun> {
  const { source, destination } = powerCutTrees(round.random);
  await writeTree(trees.source, source);
  const name = `${format}-${scenario.name}-${round.seed}`.replaceAll(' ', '-');
  const recording = {
    base: join(trees.directory, `${name}.base`),
    log: join(trees.directory, `${name}.log`),
    format,
  };
  await makeImage(recording.base, format, async (mountPoint) => {
    await writeTree(mountPoint, { destination: { kind: 'directory', nodes: [] } });
    if (scenario.isUpdate) await writeTree(join(mountPoint, 'destination'), destination);
  });
  let [exitBytes, endBytes] = [0, 0];
  await record(recording, async (mountPoint) => {
    const commits = await startHelper(new URL('commits.py', import.meta.url), [join(mountPoint, 'commits')]);
    await run([trees.source, join(mountPoint, 'destination'), ...scenario.args, SLOWLY]);
    exitBytes = recordedBytes(recording);
    await sleep(AFTERWARDS_MS);
    await commits.stop();
    endBytes = recordedBytes(recording);
  });
  return { ...recording, scenario, exitBytes, endBytes };
}

export interface Point extends Cut {
  readonly mustBeComplete: boolean;
}

/**
 * The first point is the moment of the exit. The others are drawn by time or by writes in turn, and a third
 * of all lose writes.
 */
export function choosePoints(recorded: RecordedRun, howMany: number, random: () => number): Point[] {
  const records = recordsOf(recorded).filter(({ endBytes }) => endBytes <= recorded.endBytes);
  const exitCount = records.filter(({ endBytes }) => endBytes <= recorded.exitBytes).length;
  const [first, last] = [records[0]?.atNs ?? 0, records.at(-1)?.atNs ?? 0];
  return Array.from({ length: howMany }, (_, index) => {
    const atNs = first + random() * (last - first);
    const byTime = records.filter((one) => one.atNs <= atNs).length;
    const byWrites = 1 + Math.floor(random() * records.length);
    const count = index === 0 ? exitCount : index % 2 === 0 ? byTime : byWrites;
    const lossSeed = index % 3 === 2 ? Math.floor(random() * 2 ** 31) : undefined;
    return { count, lossSeed, mustBeComplete: count >= exitCount };
  });
}

/**
 * No incomplete file looks complete, and after exit status 0 the whole copy is there. One more run, even
 * without verification, repairs everything.
 */
export async function judgePoint(trees: Trees, recorded: RecordedRun, point: Point): Promise<void> {
  const image = join(trees.directory, 'image');
  buildImage(recorded, image, point);
  const { scenario, format } = recorded;
  const what = `${format}, ${scenario.name}, ${point.count} records, loss ${point.lossSeed ?? 'none'}`;
  await withMounted(image, format, async (mountPoint) => {
    const destination = join(mountPoint, 'destination');
    const left = await compareTrees(trees.source, destination);
    expect(blessedIn(left), `${what}: full size and mtime, other content`).toEqual([]);
    if (point.mustBeComplete) expect(left, `${what}: after exit status 0`).toEqual([]);
    await run([trees.source, destination, ...scenario.args, '--delete', '--verify=none']);
    expect(await compareTrees(trees.source, destination), `${what}: after the next run`).toEqual([]);
    const names = readdirSync(destination, { recursive: true, encoding: 'latin1' });
    expect(names.filter(isOwnName), what).toEqual([]);
  });
}

/** Paths whose content differs although the quick check finds no difference. */
function blessedIn(differences: readonly string[]): string[] {
  const unlikeIn = (field: string) =>
    new Set(
      differences.flatMap((line) => (line.includes(`: ${field}`) ? [line.slice(0, line.indexOf(': '))] : [])),
    );
  const mtimes = unlikeIn('mtime');
  return [...unlikeIn('content')].filter((path) => !mtimes.has(path));
}
