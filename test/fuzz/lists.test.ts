/** No --files-from list, whatever it contains, causes a read, write or deletion outside the two roots. */
import fc from 'fast-check';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { UsageError } from '../../src/model/run/errors.ts';
import { parseFilesFrom } from '../../src/policy/filter/parse-lists.ts';
import { packPaths } from '../../src/policy/filter/path-keys.ts';
import { selectPaths } from '../../src/policy/filter/path-selection.ts';
import { anyBytes, fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz.ts';
import { writeTree } from '../support/oracle.ts';
import { runCli } from '../support/run-cli.ts';
import { snapshot, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };
const LONG_AGO = new Date('2020-01-01');

const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'd', 'b', 'e', 'f', 'outside', 'secret', 'link', 'absolute') },
  {
    weight: 6,
    arbitrary: fc.constantFrom('..', '.', '', '...', '.. ', 'x'.repeat(300), '#', ';a', '-', '*'),
  },
  { weight: 1, arbitrary: anyBytes(20) },
);
const path = fc.array(name, { minLength: 1, maxLength: 6 }).map((names) => names.join('/'));
const list = fc
  .array(fc.tuple(path, fc.constantFrom('\n', '\n', '\r\n', '\r', '\0')), { maxLength: 8 })
  .map((lines) => lines.flat().join(''));
const anyList = fc.oneof({ weight: 4, arbitrary: list }, { weight: 1, arbitrary: anyBytes(300) });

function parsed(text: string, from0: boolean): string[] {
  try {
    return [...parseFilesFrom([text], from0)];
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(
      /^line \d+ of the list (contains a NUL byte|leads out of the source)/,
    );
    return [];
  }
}

test('every path of a list is below the source, or the list is refused', TIMEOUT, async () => {
  const input = fc.record({ text: anyList, from0: fc.boolean(), recursive: fc.boolean() });
  await fuzz('lists, parsed', { input, share: 0.05, atOnce: 200 }, ({ text, from0, recursive }) => {
    const paths = parsed(text, from0);
    const names = paths.flatMap((each) => each.replace(/\/$/, '').split('/'));
    expect(names.filter((each) => each === '..' || each === '' || each.includes('\0'))).toEqual([]);
    const selection = selectPaths(packPaths(paths, recursive), recursive);
    for (const directory of ['', 'd', ...paths]) {
      const children = selection.childrenOf(directory);
      expect(children.filter((child) => child === '' || child === '..' || child.includes('/'))).toEqual([]);
    }
  });
});

test('runs stay within the roots', TIMEOUT, async ({ trees }) => {
  const { directory, source, destination } = trees;
  const outside = join(directory, 'outside');
  await makeTrees(trees, outside);
  const before = await snapshot(outside);
  const listFile = join(directory, 'list');
  const marked = anyList.map((text) => text.replaceAll('outside', outside.slice(1)));
  const input = fc.record({
    text: fc.oneof(anyList, marked),
    flags: fc.subarray(['-r', '-0', '--force', '-c']),
  });
  await fuzz('lists, run', { input, share: 0.1, atOnce: 5 }, async ({ text, flags }) => {
    writeFileSync(listFile, text, 'latin1');
    const args = [source, destination, `--files-from=${listFile}`, '-q', ...flags];
    const { status, output } = await runCli(args, { cwd: directory });
    expect([0, 1, 23], output).toContain(status);
    expect(output).not.toMatch(/bug in efs-sync/);
    expect(await snapshot(outside)).toEqual(before);
    expect(statSync(join(outside, 'secret')).atime).toEqual(LONG_AGO);
    expect(spawnSync('grep', ['-rlF', 'SECRET', destination]).stdout.toString()).toBe('');
  });
  // Proves that a forbidden read would show in the access time.
  readFileSync(join(outside, 'secret'));
  if (statSync(join(outside, 'secret')).atime <= LONG_AGO) console.warn('access times are not kept here');
});

/** Links point out of both roots. Some replace an entry that the other side has. */
async function makeTrees({ directory, source, destination }: Trees, outside: string): Promise<void> {
  await writeTree(source, {
    a: file('x'),
    d: dir({ b: file('y'), link: symlink('../../outside'), absolute: symlink(`${outside}/secret`) }),
    e: dir({ f: file('z'), secret: file('z') }),
    outside: symlink(outside),
  });
  await writeTree(destination, { e: symlink('../outside'), a: symlink(`${outside}/secret`) });
  await writeTree(directory, { outside: dir({ secret: file('SECRET'), f: file('SECRET') }) });
  utimesSync(join(outside, 'secret'), LONG_AGO, LONG_AGO);
  execFileSync('chmod', ['-R', 'a+rwX', outside]);
}
