/**
 * A file system that reports data as a hole: data that nobody has read is neither copied as zeros nor proven.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { withOddfs } from '../support/oddfs.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';

const MIB = 1024 * 1024;
const SIZES = { small: MIB, middle: 8 * MIB, large: 70 * MIB };
const NAMES = Object.keys(SIZES);
const FROM = ['all_hole small', `hole_from middle ${4 * MIB}`, `hole_from large ${32 * MIB}`];
/** Reports fewer blocks than the size needs. Otherwise holes are never looked for. */
const LIES = ['blocks * 8', ...FROM];

function writeFiles(directory: string): void {
  for (const [name, sizeBytes] of Object.entries(SIZES)) {
    writeFileSync(join(directory, name), randomBytes(sizeBytes));
  }
}

/** Names whose content differs, according to cmp(1). */
function differing({ source, destination }: Trees): string[] {
  return NAMES.filter((name) => spawnSync('cmp', [join(source, name), join(destination, name)]).status !== 0);
}

function dateAsSource({ source, destination }: Trees, name: string): void {
  spawnSync('touch', ['-r', join(source, name), join(destination, name)]);
}

/** The paths with a content mismatch. Any other verdict fails the test. */
function mismatches(stdout: string): string[] {
  const { verdicts } = reportIn(stdout);
  expect(new Set(verdicts.map((verdict) => verdict.class))).toEqual(new Set(['content mismatch']));
  return verdicts.map(({ path }) => path).toSorted();
}

async function throughLiar(
  trees: Trees,
  side: 'source' | 'destination',
  use: (pair: Trees) => Promise<void>,
): Promise<void> {
  const mountPoint = join(trees.directory, 'liar');
  await withOddfs({ backing: trees[side], mountPoint }, LIES, () => use({ ...trees, [side]: mountPoint }));
}

describeWith(['oddfs'], 'data that the file system calls a hole', () => {
  test.for(['', '--inplace', '--verify=none', '--checksum', '--verify=transferred'])(
    'is copied: sync %s',
    async (option, { trees }) => {
      writeFiles(trees.source);
      if (option === '--inplace') {
        for (const name of NAMES) writeFileSync(join(trees.destination, name), 'x'.repeat(MIB + 1));
      }
      await throughLiar(trees, 'source', async (pair) => void (await sync(pair, option ? [option] : [])));
      expect(differing(trees)).toEqual([]);
    },
  );

  test.for(['', '--digest=sha256', '--manifest=m'])(
    'is reported if the destination has zeros: verify %s',
    async (option, { trees }) => {
      writeFiles(trees.source);
      for (const name of NAMES) {
        writeFileSync(join(trees.destination, name), '');
        truncateSync(join(trees.destination, name), statSync(join(trees.source, name)).size);
      }
      for (const name of [...NAMES, '.']) dateAsSource(trees, name);
      await throughLiar(trees, 'source', async (pair) => {
        const settings = { cwd: trees.directory, status: 40 };
        const { stdout } = await verify(pair, ['--json', ...(option ? [option] : [])], settings);
        expect(mismatches(stdout)).toEqual(NAMES.toSorted());
        await sync(pair, ['--checksum']);
      });
      expect(differing(trees)).toEqual([]);
    },
  );

  test('at the destination is found if the source has a real hole', async ({ trees }) => {
    for (const [name, sizeBytes] of Object.entries(SIZES)) {
      writeFileSync(join(trees.source, name), '');
      truncateSync(join(trees.source, name), sizeBytes);
    }
    await sync(trees);
    for (const [name, sizeBytes] of Object.entries(SIZES)) {
      spawnSync('dd', [
        'if=/dev/urandom', `of=${join(trees.destination, name)}`, 'bs=1', 'count=1', 'conv=notrunc',
        `seek=${sizeBytes - 1}`,
      ]); // prettier-ignore
      dateAsSource(trees, name);
    }
    expect(differing(trees)).toEqual(NAMES);
    await throughLiar(trees, 'destination', async (pair) => {
      const { stdout } = await verify(pair, ['--json'], { status: 40 });
      expect(
        reportIn(stdout)
          .verdicts.map(({ path }) => path)
          .toSorted(),
      ).toEqual(NAMES.toSorted());
    });
  });

  test('the manifest holds what sha256sum reads', async ({ trees }) => {
    writeFiles(trees.source);
    await throughLiar(trees, 'source', async (pair) => {
      await sync(pair, ['--digest=sha256', '--manifest=m'], { cwd: trees.directory });
    });
    const sums = spawnSync('sha256sum', ['--check', '--strict', '../m.sha256'], { cwd: trees.source });
    expect(sums.status).toBe(0);
  });
});
