/** An unusable task file gets one clear line and exit status 1, and nothing is written. */
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { run, snapshot, test } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

const LEVELS = 30;
const NESTED = 100_000;

/** "Billion laughs": each level repeats the previous one nine times. */
function anchorBomb(): string {
  const levels = Array.from({ length: LEVELS }, (_, level) => {
    const items = Array.from({ length: 9 }, () => (level === 0 ? 'ha' : `*a${level - 1}`));
    return `a${level}: &a${level} [${items.join(', ')}]\n`;
  });
  return levels.join('');
}

test.for<[string, string, RegExp]>([
  ['an unknown key', 'delte: true', /:3:1: there is no key 'delte' \(did you mean 'delete'\?\)/],
  ['a duplicate key', 'delete: true\ndelete: false', /:4:1: not YAML: Map keys must be unique/],
  ['a wrong type', 'retries: {of: 3}', /:3:10: 'retries' must be text, but this is a map/],
  ['a tab', 'hooks:\n\tbefore: x', /:4:1: not YAML: Tabs are not allowed as indentation/],
  ['an anchor bomb', anchorBomb(), /:3:9: task files do not support anchors and aliases/],
  ['lists without end', `filters: ${'['.repeat(NESTED)}`, /:3:\d+: not YAML: /],
  ['a mistake in each line', 'a: b: c\n'.repeat(NESTED), /:3:4: not YAML: /],
])('%s', async ([, text, says], { trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const path = join(trees.directory, 'task.yaml');
  writeFileSync(path, `source: ${trees.source}\ndestination: ${trees.destination}\n${text}`);
  const before = await snapshot(trees.directory);
  const { stdout, stderr } = await run(['run', path], { status: 1 });
  expect(stdout).toBe('');
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^efs-sync: [^\n]*\nTry [^\n]*\n$/);
  expect(await snapshot(trees.directory)).toEqual(before);
});

test('a file of 100 MB, an endless one and a missing one', async ({ trees }) => {
  const large = join(trees.directory, 'large.yaml');
  writeFileSync(large, `source: ${trees.source}\ndestination: ${trees.destination}\n`);
  truncateSync(large, 100_000_000);
  const cases: [string, RegExp][] = [
    [large, /^efs-sync: cannot read \S+large\.yaml: it is larger than 1048576 bytes[^\n]*\nTry [^\n]*\n$/],
    ['/dev/zero', /^efs-sync: cannot read \/dev\/zero: it is larger than 1048576 bytes[^\n]*\nTry [^\n]*\n$/],
    ['/no/such.yaml', /^efs-sync: cannot read \/no\/such\.yaml: No such file or directory\nTry [^\n]*\n$/],
    [trees.directory, /^efs-sync: cannot read \S+: [^\n]*directory\nTry [^\n]*\n$/],
  ];
  for (const [path, says] of cases) {
    const { stdout, stderr } = await run(['run', path], { status: 1 });
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
  }
  expect(await snapshot(trees.destination)).toHaveLength(1);
});
