/** A file with more bytes than its reported size, as in procfs: half a file is no copy, and no proof. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn, syncForReport } from '../support/json-report.ts';
import { withOddfs } from '../support/oddfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { file, sparse } from '../support/tree.ts';

const MIB = 1024 * 1024;
/** The real length and the reported size. procfs reports 0, sysfs 4096. */
const LIES: readonly (readonly [bytes: number, told: number])[] = [
  [11, 0],
  [200_000, 4096],
  [3 * MIB, 2 * MIB],
  [66 * MIB, 65 * MIB],
];
/** The kernel ends asynchronous reads at the reported size. */
const SYNCHRONOUS = { EFS_SYNC_IO_URING: '0' };
const REASON = 'returns more bytes than the size it reports';

async function throughLiar(trees: Trees, told: number, use: (pair: Trees) => Promise<void>): Promise<void> {
  const mountPoint = join(trees.directory, 'liar');
  // Bypasses the page cache, which ends a file at its reported size.
  const rules = [`size f ${told}`, 'direct f'];
  await withOddfs({ backing: trees.source, mountPoint }, rules, () => use({ ...trees, source: mountPoint }));
}

describeWith(['oddfs'], 'more bytes than the reported size', () => {
  test.for(LIES.flatMap(([bytes, told]) => ['none', 'full'].map((mode) => [bytes, told, mode] as const)))(
    '%i bytes, %i reported, --verify=%s: no copy',
    async ([bytes, told, mode], { trees }) => {
      await writeTree(trees.source, { f: file(Buffer.alloc(bytes, 'content')), g: file('g') });
      await throughLiar(trees, told, async (pair) => {
        for (const inPlace of [[], ['--inplace']]) {
          const report = await syncForReport(pair, [`--verify=${mode}`, ...inPlace], {
            status: 23,
            env: SYNCHRONOUS,
          });
          expect(report.problems).toMatchObject([
            { path: 'f', reason: expect.stringContaining(REASON) as string },
          ]);
        }
      });
      expect(readdirSync(trees.destination)).not.toContain('f');
    },
  );

  test.for(LIES)('%i bytes, %i reported: verify says why', async ([bytes, told], { trees }) => {
    const content = Buffer.alloc(bytes, 'content');
    await writeTree(trees.source, { f: file(content) });
    await writeTree(trees.destination, { f: file(content.subarray(0, told)) });
    await throughLiar(trees, told, async (pair) => {
      const { stdout } = await verify(pair, ['--json', '--preserve=none'], {
        status: 40,
        env: SYNCHRONOUS,
      });
      expect(reportIn(stdout).verdicts.map(({ path, detail }) => [path, detail])).toContainEqual([
        'f',
        expect.stringContaining('returns more bytes than its file system reports') as string,
      ]);
    });
  });

  test('files of the kernel', async ({ trees }) => {
    const source = '/proc/sys/kernel/random';
    for (const mode of ['none', 'full']) {
      const { output } = await run([source, trees.destination, `--verify=${mode}`], { status: 23 });
      expect(output).toMatch(new RegExp(`cannot copy \\S*boot_id: its file system ${REASON}`));
    }
    expect(readFileSync(`${source}/boot_id`, 'latin1').length).toBe(37);
    expect(readdirSync(trees.destination)).not.toContain('boot_id');
  });
});

test('two large files that differ in size are not read', async ({ trees }) => {
  await writeTree(trees.source, { f: sparse(MIB * MIB, [[0, 'x']]) });
  await writeTree(trees.destination, { f: sparse(MIB * MIB + 1, [[0, 'x']]) });
  const { stdout } = await verify(trees, ['--json', '--preserve=none'], { status: 40 });
  expect(reportIn(stdout)).toMatchObject({
    verdicts: [{ class: 'content mismatch', path: 'f' }],
    tally: { bytesVerified: 0 },
  });
});
