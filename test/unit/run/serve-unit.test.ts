/** What a unit brings is its own, whatever its isolate serves at the same time, and a message can take it along. */
import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IsolateContext } from '../../../src/engine/context/worker-context.ts';
import { readFingerprints } from '../../../src/engine/context/fingerprints.ts';
import type { PrepareResult, Served } from '../../../src/engine/messages/units.ts';
import { readVerifiedRecord } from '../../../src/phases/verifying/verified-record.ts';
import { BinaryReader, readersOf } from '../../../src/engine/plan/binary.ts';
import type { Chunks } from '../../../src/engine/plan/record-bytes.ts';
import { refsIn } from '../../../src/engine/plan/record-refs.ts';
import { readSection } from '../../../src/engine/plan/section.ts';
import { findRunFiles } from '../../../src/filesystem/state/find-run-files.ts';
import { FileSizes } from '../../../src/engine/context/statistics.ts';
import { ENOENT, ESTALE } from '../../../src/linux/system-error.ts';
import { COUNTER_NAMES } from '../../../src/model/tally.ts';
import { nameHash } from '../../../src/policy/compare/fingerprint.ts';
import { loadDigestsFor } from '../../../src/run/load-digests.ts';
import { type IsolateResult, type IsolateUnit, serveUnit } from '../../../src/run/serve-unit.ts';
import { makeTwoTrees, withCalls, type ContextChanges, type TwoTrees } from '../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('source', 'one/a', 'one/b', 'one/log', 'two/c', 'two/d', 'two/e', 'two/log');
});
afterEach(async () => trees.remove());

/** Both logs are the run's own. */
async function isolate(changes: ContextChanges = {}): Promise<IsolateContext> {
  const logs = ['one', 'two'].map((directory) => ({
    what: `log of ${directory}`,
    path: trees.scratch.path(`source/${directory}/log`),
    use: 'fixed' as const,
  }));
  const settings = { collectStatistics: true, ...changes.settings };
  return trees.isolate({ ...changes, settings, setup: { runFiles: await findRunFiles(logs, [], []) } });
}

/** Directories that the destination does not have. */
function preparing(...paths: readonly string[]): IsolateUnit {
  const directories = paths.map((path) => ({ path, sides: 'source', makesWay: false }) as const);
  return { unit: 'prepare', directories, budget: paths.length };
}

/** Neither directory is opened before the other one is to be. */
function meeting(context: IsolateContext): IsolateContext {
  const came = new Set<string>();
  const both = new EventEmitter();
  const met = once(both, 'met');
  return withCalls(context, 'source', ({ openat2 }) => ({
    openat2: async (fd, name, ...how) => {
      if (name === 'one' || name === 'two') came.add(name);
      if (came.size === 2) both.emit('met');
      if (came.size > 0) await met;
      return openat2(fd, name, ...how);
    },
  }));
}

/** Those that are not 0. */
function countsOf({ gains }: Served<IsolateResult>): Record<string, number> {
  const counted = COUNTER_NAMES.map((name, index): [string, number] => [name, gains.counts[index] ?? 0]);
  return Object.fromEntries(counted.filter(([, count]) => count !== 0));
}

function plannedIn({ result }: Served<IsolateResult>): string[] {
  const { chunks, refs } = (result as PrepareResult).records;
  const bytes = Buffer.concat(chunks);
  return [...refsIn(refs.sections)].flatMap(({ offset, lengthBytes }) => {
    const reader = new BinaryReader(bytes.subarray(offset, offset + lengthBytes));
    const { directoryPath, changes } = readSection(reader);
    return changes.map(({ name }) => `${directoryPath}/${name}`);
  });
}

/** How many names were noted of each directory, among those that are asked for. */
function notedIn({ gains }: Served<IsolateResult>): Record<string, number> {
  const { fingerprints } = trees.spools;
  for (const chunk of gains.fingerprints) fingerprints.append(chunk);
  const names = new Set(['a', 'b', 'c', 'd', 'e'].map(nameHash));
  const wanted = new Map(['one', 'two'].map((path) => [path, names]));
  const directories = [...readFingerprints(fingerprints, wanted)];
  return Object.fromEntries(directories.map(({ path, statesByName }) => [path, statesByName.size]));
}

function filesIn({ gains }: Served<IsolateResult>): unknown {
  const sizes = new FileSizes();
  if (gains.fileSizes !== undefined) sizes.accept(gains.fileSizes);
  return sizes.classes().map(({ files }) => files);
}

const told = (served: Served<IsolateResult>) => ({
  counts: countsOf(served),
  spared: served.result.findings.spared.map(({ what }) => what),
  planned: plannedIn(served).toSorted(),
  files: filesIn(served),
});

const OF_ONE = {
  counts: expect.objectContaining({
    directoriesListed: 1,
    sourceFiles: 2,
    filesToTransfer: 2,
    bytesToTransfer: 2,
  }),
  spared: ['log of one'],
  planned: ['one/a', 'one/b'],
  files: [2],
};
const OF_TWO = {
  counts: expect.objectContaining({
    directoriesListed: 1,
    sourceFiles: 3,
    filesToTransfer: 3,
    bytesToTransfer: 3,
  }),
  spared: ['log of two'],
  planned: ['two/c', 'two/d', 'two/e'],
  files: [3],
};

describe('two units that one isolate serves at the same time', () => {
  it('each bring what is their own', async () => {
    const context = meeting(await isolate());
    const [one, two] = await Promise.all([
      serveUnit(context, preparing('one')),
      serveUnit(context, preparing('two')),
    ]);
    expect([told(one), told(two)]).toEqual([OF_ONE, OF_TWO]);
    expect(notedIn(one)).toEqual({ one: 2 });
    expect(notedIn(two)).toEqual({ one: 2, two: 3 });
    expect(context.shown.totals()).toMatchObject({ directoriesListed: 2, sourceFiles: 5 });
  });
});

it('units one after another bring nothing of those before', async () => {
  const context = await isolate();
  const served = [
    await serveUnit(context, preparing('one')),
    await serveUnit(context, preparing('two')),
    await serveUnit(context, preparing()),
  ];
  const nothing = { counts: {}, spared: [], planned: [], files: [] };
  expect(served.map(told)).toEqual([OF_ONE, OF_TWO, nothing]);
});

describe('a directory whose records are too large for one message', () => {
  it('is answered in parts, which together bring everything once', async () => {
    const names = Array.from({ length: 15_000 }, (_, index) => `three/${'x'.repeat(240)}${index}`);
    trees.make('source', ...names);
    const parts: Served<IsolateResult>[] = [];
    const last = await serveUnit(await isolate(), preparing('three'), (part) =>
      parts.push(structuredClone(part)),
    );
    const all = [...parts, last];
    expect(parts).not.toHaveLength(0);
    expect(all.flatMap(plannedIn).toSorted()).toEqual(names.toSorted());
    const files = all.map((served) => countsOf(served)['filesToTransfer'] ?? 0);
    expect(files.reduce((sum, count) => sum + count)).toBe(names.length);
    expect(last.gains.fingerprints).not.toHaveLength(0);
    for (const { result } of parts) expect((result as PrepareResult).leftover).toEqual([]);
  });
});

describe('an answer as a message', () => {
  it('brings its records', async () => {
    const served = await serveUnit(await isolate(), preparing('one', 'two'));
    const received = structuredClone(served);
    expect(received).toEqual(served);
    expect(told(received).planned).toHaveLength(5);
  });

  it('brings what was verified', async () => {
    trees.make('destination', 'one/a', 'one/b', 'two/c', 'two/d', 'two/e');
    const context = await isolate({ settings: { listVerified: true } });
    const directories = ['one', 'two'].map((path) => ({ path, sides: 'both', makesWay: false }) as const);
    const unit = { unit: 'verify', directories, budget: 2, judgeExtraneous: true, left: undefined } as const;
    await loadDigestsFor(unit, context.settings);
    const served = await serveUnit(context, unit);
    const received = structuredClone(served);
    expect(received).toEqual(served);
    expect(pathsIn(received.gains.verified)).toEqual(expect.arrayContaining(['one/a', 'one/b', 'two/c']));
  });
});

function pathsIn(verified: Chunks): string[] {
  return readersOf(Buffer.concat(verified)).map((reader) => readVerifiedRecord(reader).path);
}

/** The root of the source is lost by the time that `two` is opened. */
function losingSource(context: IsolateContext): IsolateContext {
  const root = context.source.fd;
  return withCalls(context, 'source', ({ openat2, statx }) => ({
    openat2: (fd, name, ...how) => (name === 'two' ? -ESTALE : openat2(fd, name, ...how)),
    openat: () => -ENOENT,
    statx: (fd, name, ...rest) => (fd === root && name === '' ? -ESTALE : statx(fd, name, ...rest)),
  }));
}

it('a unit that ends with an error that ends the run still brings its counts, and what it noted', async () => {
  const context = losingSource(await isolate());
  // The last of them is taken first.
  const served = await serveUnit(context, preparing('two', 'one'));
  const received = structuredClone(served);
  const { result } = received;
  expect(result).toMatchObject({ unit: 'prepare', fatal: { code: 'ESTALE', isOfRoots: false } });
  expect(result.fatal?.message).toContain('has gone stale');
  expect(countsOf(received)).toMatchObject({ directoriesListed: 2, sourceFiles: 2, retries: 1 });
  expect(result.findings.spared).toMatchObject([{ what: 'log of one' }]);
  expect(notedIn(received)).toEqual({ one: 2 });
});
