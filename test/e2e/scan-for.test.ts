/** `preflight --scan --for=efs` checks a source against Amazon EFS before that is mounted. */
import { execFileSync } from 'node:child_process';
import { readdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { ScanTotals } from '../../src/model/preflight-results.ts';
import { runWithEfsDestination } from '../support/as-efs.ts';
import { jsonEvents } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment } from '../support/run-cli.ts';
import { run, test, type Trees } from '../support/scenario.ts';
import { file, hardLink, type NamedNode } from '../support/tree.ts';

async function writeBeyondEfs({ source }: Trees): Promise<void> {
  const links = Array.from({ length: 177 }, (_, index): NamedNode => [`n${index}`, hardLink('first')]);
  await writeTree(source, [['first', file('x')], ...links, ['huge', file()]]);
  truncateSync(join(source, 'huge'), 52_673_613_135_873);
  symlinkSync('t'.repeat(4081), join(source, 'long'));
}

interface Event {
  readonly event: string;
  readonly path: string;
  readonly kind: string;
}

const PROGRAM = `
import { scan } from '${new URL('../../dist/program/index.js', import.meta.url).href}';
const [, source] = process.argv;
const kinds = [];
const onObstacle = ({ kind }) => kinds.push(kind);
const totals = await scan(source, undefined, { for: 'efs', onObstacle });
const wrong = [[undefined, { for: 'xyz' }], [source, { for: 'efs' }], [undefined, {}]];
const errors = [];
for (const [destination, options] of wrong) {
  await scan(source, destination, options).catch((error) => errors.push(String(error)));
}
console.log(JSON.stringify({ kinds, totals, errors }));
`;

/** Any of its names may stand for a file of several. */
function obstacles(stdout: string): string[] {
  const found = (jsonEvents(stdout) as Event[]).filter(({ event }) => event === 'obstacle');
  return found
    .map(({ kind, path }) => (kind === 'hard links' ? kind : `${kind}: ${path}`))
    .toSorted((one, other) => one.localeCompare(other));
}

describeWith(['root'], 'without a destination', () => {
  test('it finds what it would find with EFS mounted', async ({ memoryTrees: trees }) => {
    await writeBeyondEfs(trees);
    const alone = await run(['preflight', '--scan', '--for=efs', '--json', trees.source], { status: 23 });
    const args = ['preflight', '--scan', '--json', trees.source, trees.destination];
    const { stdout } = runWithEfsDestination(trees, args, 23);
    expect(obstacles(alone.stdout)).toEqual(obstacles(stdout));
    expect(obstacles(stdout)).toEqual(['file size: huge', 'hard links', 'link target: long']);
    for (const output of [alone.stdout, stdout]) expect(output).not.toMatch(/destination: (space|inodes)/);
    expect(alone.stdout).not.toContain('"subject":"destination');
  });

  test('a program is told, too', async ({ memoryTrees: trees }) => {
    await writeBeyondEfs(trees);
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM, trees.source], {
      encoding: 'utf8',
      env: { ...cleanEnvironment(), TMPDIR: trees.destination },
    });
    const { kinds, totals, errors } = JSON.parse(told) as Record<'kinds' | 'errors', string[]> & {
      readonly totals: ScanTotals;
    };
    expect(kinds.toSorted()).toEqual(['file size', 'hard links', 'link target']);
    expect(totals).toMatchObject({ assumed: 'efs', obstacles: { fails: 2, incomplete: 0, split: 1 } });
    expect(totals).toMatchObject({ estimate: { basis: 'assumed', runs: 0 } });
    expect(totals.extent.inodes).toBeCloseTo(4, 6);
    expect(errors).toEqual([
      "UsageError: 'for' must be efs",
      "UsageError: 'for' takes the place of the destination: give one of them",
      'UsageError: the destination must be a string or a Buffer',
    ]);
  });
});

test('a source that fits is told to, and nothing is left behind', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const env = { TMPDIR: trees.destination };
  const { stdout } = await run(['preflight', '--scan', '--for=efs', trees.source], { env });
  expect(stdout).toMatch(
    /source: scan: 2 entries, nothing exceeds a limit of Amazon EFS; permissions were not/,
  );
  expect(readdirSync(trees.destination)).toEqual([]);
  expect(readdirSync(trees.source)).toEqual(['a']);
});

test('a source may be a file, and requirements hold', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const all = ['preflight', '--scan', '--for=efs'];
  const { stdout } = await run([...all, join(trees.source, 'a')]);
  expect(stdout).toMatch(/source: scan: \d entr/);
  const refused = await run([...all, trees.source, '--require-file=none'], { status: 3 });
  expect(refused.stdout).toMatch(/\[FAIL\] +roots: .*does not contain none/);
  const missing = await run([...all, join(trees.source, 'none')], { status: 3 });
  expect(missing.stdout).toMatch(/\[FAIL\] +roots: cannot use source/);
});

describe('refused', () => {
  test.for<[string, readonly string[], string]>([
    ['another system', ['preflight', '--scan', '--for=xyz', 'a'], 'Allowed choices are efs'],
    ['no scan', ['preflight', '--for=efs', 'a'], '--for works only with --scan'],
    ['a destination besides', ['preflight', '--scan', '--for=efs', 'a', 'b'], 'give one of them'],
    ['no source', ['preflight', '--scan', '--for=efs'], "missing required argument 'source'"],
    ['neither', ['preflight', '--scan', 'a'], "missing required argument 'destination'"],
    ['an empty source', ['preflight', '--scan', '--for=efs', ''], 'the source is empty'],
    ['a sync', ['--for=efs', 'a', 'b'], '--for works only with efs-sync preflight'],
  ])('%s', async ([, args, message]) => {
    const { output } = await run(args, { status: 1 });
    expect(output).toContain(message);
  });
});
