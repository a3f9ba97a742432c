/** How many calls are in flight, as counted by the mount, and what is done while others wait. */
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { withLatfs, type LatfsStats } from '../support/latfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

/** Enough files to start workers. */
const FILES: NamedNode[] = Array.from({ length: 20 }, (_, index) => [`f${index}`, file(`content ${index}`)]);
const DIRECTORIES: NamedNode[] = Array.from({ length: 20 }, (_, index) => [`d${index}`, dir(FILES)]);

/** Copies between two mounts, and returns the statistics of both. */
async function copyBetweenMounts(trees: Trees, options: string[], latencyMs = 1): Promise<LatfsStats[]> {
  await writeTree(trees.source, DIRECTORIES);
  const [from, to] = [join(trees.directory, 'from'), join(trees.directory, 'to')];
  const latency = ['--latency', String(latencyMs)];
  const stats = await withLatfs({ backing: trees.source, mountPoint: from }, latency, (source) =>
    withLatfs({ backing: trees.destination, mountPoint: to }, latency, async (destination) => {
      await sync({ ...trees, source: from, destination: to }, ['--no-verify', ...options]);
      return [source.stats(), destination.stats()];
    }),
  );
  await expectSame(trees);
  return stats;
}

describeWith(['latfs'], '--concurrency', () => {
  test.for([1, 4])('%i limits the calls in flight', async (wanted, { trees }) => {
    for (const { max_inflight } of await copyBetweenMounts(trees, [`--concurrency=${wanted}`])) {
      // Each of two workers may add one blocking call, of a kind that rarely reaches the server.
      expect(max_inflight).toBeLessThanOrEqual(wanted + 2);
      expect(max_inflight).toBeGreaterThanOrEqual(Math.min(wanted, 2));
    }
  });

  test('is high by default', async ({ trees }) => {
    // Even a busy machine submits enough calls before the first reply.
    for (const { max_inflight } of await copyBetweenMounts(trees, [], 20)) {
      expect(max_inflight).toBeGreaterThan(20);
    }
  });
});

/** The paths that a first copy creates, in order. */
async function changesOf(trees: Trees, tree: Parameters<typeof writeTree>[1]): Promise<string[]> {
  await writeTree(trees.source, tree);
  const { stdout } = await sync(trees, ['-i', '--no-verify']);
  await expectSame(trees);
  return stdout.split('\n').flatMap((line) => /^[.>hc]\S{10} (.*)/.exec(line)?.slice(1, 2) ?? []);
}

describe('a directory', () => {
  test('without subdirectories is created when its files are written, others before', async ({ trees }) => {
    const leaf = dir({ one: file('1'), two: file('2') });
    const tree = { a: leaf, b: leaf, upper: dir({ c: leaf, three: file('3') }), empty: dir({}) };
    const changes = await changesOf(trees, tree);
    const positionOf = (path: string) => changes.indexOf(path);
    for (const path of ['a/', 'b/', 'upper/c/']) {
      expect(changes.slice(positionOf(path), positionOf(path) + 3).toSorted()).toEqual([
        path, `${path}one`, `${path}two`,
      ]); // prettier-ignore
    }
    const firstFile = changes.findIndex((path) => !path.endsWith('/'));
    expect(changes.slice(0, firstFile)).toEqual(expect.arrayContaining(['upper/', 'empty/']));
  });
});
