/** `--repair` mends what somebody changes at the destination before it is verified. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { repairsOf, rot, syncAltering, TREE } from '../support/repairs.ts';
import { expectSame, test } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

describe('what somebody changes before it is verified', () => {
  test('is repaired: content, metadata, kinds, missing and extraneous paths', async ({ trees }) => {
    await writeTree(trees.source, {
      ...TREE,
      k: file('k'),
      m: dir({ x: file('x'), y: dir({ z: file('z') }) }),
      o: dir({ p: file('p') }),
    });
    const { destination } = trees;
    const result = await syncAltering(
      trees,
      () => {
        rot(trees, 'a');
        chmodSync(join(destination, 'b'), 0o600);
        utimesSync(join(destination, 'd/g'), 1, 1);
        rmSync(join(destination, 'k'));
        mkdirSync(join(destination, 'k'));
        writeFileSync(join(destination, 'k/inside'), 'k');
        renameSync(join(destination, 'm'), join(destination, 'elsewhere'));
        rmSync(join(destination, 'o'), { recursive: true });
        writeFileSync(join(destination, 'o'), 'o');
        writeFileSync(join(destination, 'd/e/new'), 'new');
      },
      { delete: true },
    );
    expect(result.report.verdicts).toEqual([]);
    expect(result.exitStatus).toBe(0);
    expect(repairsOf(result)).toEqual(
      expect.arrayContaining([
        'content mismatch: a',
        'extraneous: d/e/new',
        'extraneous: elsewhere',
        'kind differs: k',
        'kind differs: o',
        'metadata differs: b',
        'metadata differs: d/g',
        'missing: m',
      ]),
    );
    await expectSame(trees);
  });

  test('extraneous paths stay without --delete, and where rules protect them', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const kept = join(trees.destination, 'd/kept');
    const extraneous = join(trees.destination, 'd/new');
    const alter = (): void => {
      rot(trees, 'a');
      writeFileSync(kept, 'kept');
      writeFileSync(extraneous, 'new');
      mkdirSync(join(trees.destination, 'd/more/below'), { recursive: true });
      writeFileSync(join(trees.destination, 'd/more/below/new'), 'new');
    };
    expect((await syncAltering(trees, alter)).exitStatus).toBe(0);
    expect(existsSync(extraneous)).toBe(true);
    const result = await syncAltering(trees, alter, { delete: true, filters: [{ exclude: 'kept' }] });
    expect(result.exitStatus).toBe(0);
    expect(readdirSync(join(trees.destination, 'd')).toSorted()).toEqual(['e', 'f', 'g', 'kept']);
    expect(readFileSync(kept, 'utf8')).toBe('kept');
  });

  test('what filters exclude is not copied with a directory', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const alter = (): void => rmSync(join(trees.destination, 'd'), { recursive: true });
    const result = await syncAltering(trees, alter, { filters: [{ exclude: 'h' }] });
    expect(result.exitStatus).toBe(0);
    expect(existsSync(join(trees.destination, 'd/f'))).toBe(true);
    expect(existsSync(join(trees.destination, 'd/e/h'))).toBe(false);
  });

  test('the roots, owners and attributes, with --verify=transferred as well', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const alter = (): void => {
      chmodSync(trees.destination, 0o700);
      chmodSync(join(trees.destination, 'd/e/h'), 0o4711);
    };
    const all = await syncAltering(trees, alter);
    expect([all.exitStatus, repairsOf(all)]).toEqual([0, ['metadata differs: ', 'metadata differs: d/e/h']]);
    await expectSame(trees);
    writeFileSync(join(trees.source, 'b'), 'newer');
    const transferred = await syncAltering(trees, () => rot(trees, 'b'), { verify: 'transferred' });
    expect([transferred.exitStatus, repairsOf(transferred)]).toEqual([0, ['content mismatch: b']]);
    await expectSame(trees);
  });

  test('--max-delete holds for the whole run', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    await writeTree(trees.destination, { old: file('old') });
    const alter = (): void => writeFileSync(join(trees.destination, 'new'), 'new');
    const result = await syncAltering(trees, alter, { delete: true, 'max-delete': 1 });
    expect(result.exitStatus).toBe(40);
    expect(result.report.verdicts).toMatchObject([{ class: 'extraneous', path: 'new' }]);
    expect(existsSync(join(trees.destination, 'new'))).toBe(true);
  });

  test('one of several names that became a file of its own', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    execFileSync('ln', [join(trees.source, 'a'), join(trees.source, 'd/name')]);
    const alter = (): void => {
      const copy = join(trees.destination, 'd/name');
      rmSync(copy);
      writeFileSync(copy, 'other');
    };
    const result = await syncAltering(trees, alter);
    expect(readFileSync(join(trees.destination, 'd/name'), 'utf8')).toBe('one');
    // Names that should be one file are not repaired, and are told.
    expect(result.report.verdicts.map((verdict) => verdict.class)).toEqual(['links differ']);
    expect(result.exitStatus).toBe(40);
  });

  test('a run that is stopped meanwhile tells what is different', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const stop = new AbortController();
    const changed = ({ path }: { path: string }): void => void (path === 'b' && stop.abort());
    let isVerifying = false;
    const alter = (): void => {
      isVerifying = true;
      rot(trees, 'a');
    };
    const result = await syncAltering(trees, alter, {
      signal: stop.signal,
      reporter: {
        changed: (change) => void (isVerifying && changed({ path: change.path === 'a' ? 'b' : '' })),
      },
    });
    expect(result.exitStatus).toBe(20);
    expect(result.report.verdicts).toMatchObject([{ class: 'content mismatch', path: 'a' }]);
  });

  test('what is changed once more is different, and told once', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    let isVerifying = false;
    const alter = (): void => {
      isVerifying = true;
      rot(trees, 'a');
      rot(trees, 'b');
    };
    const changed = ({ path }: { path: string }): void => {
      if (isVerifying && path === 'a') rot(trees, 'a');
    };
    const told: string[] = [];
    const result = await syncAltering(trees, alter, {
      reporter: { changed, verdict: ({ path }) => void told.push(path) },
    });
    expect(told).toEqual(['a']);
    expect(result.exitStatus).toBe(40);
    expect(repairsOf(result)).toEqual(['content mismatch: b']);
    expect(result.text()).toMatch(/content mismatch: a: content differs; still so after --repair/);
  });

  test('a source that changed is not repaired', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const alter = (): void => {
      writeFileSync(join(trees.source, 'a'), 'newer');
      rot(trees, 'b');
    };
    const result = await syncAltering(trees, alter);
    expect(result.exitStatus).toBe(41);
    expect(repairsOf(result)).toEqual(['content mismatch: b']);
    expect(readFileSync(join(trees.destination, 'a'), 'utf8')).toBe('one');
  });

  test('files that --ignore-existing protects stay as they are', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const result = await syncAltering(trees, () => rot(trees, 'a'), { 'ignore-existing': true });
    expect(result.exitStatus).toBe(40);
    expect(result.report.verdicts).toMatchObject([{ class: 'content mismatch', path: 'a' }]);
  });
});
