/** The messages of README's Troubleshooting are those that come, word for word. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { withoutNumbers } from '../support/guide.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, SECTION = ''] = README.split('## Troubleshooting\n');
const [TROUBLES = ''] = SECTION.split('\n## ');
const SHOWN = [...TROUBLES.matchAll(/^- (`.*`):$/gm)].flatMap(([, line = '']) =>
  line.slice(1, -1).split('`, `'),
);

/** What takes a server that fails, a full disk or somebody else's change is looked for in the tests of those. */
const ELSEWHERE = /No space left|cannot flush|another sync of|vanished|source changed|nothing has moved/;

type Provoke = (trees: Trees) => Promise<{ readonly output: string }>;

/** By words of the message. */
const PROVOKED: Readonly<Record<string, Provoke>> = {
  'cannot use destination': (trees) =>
    sync({ ...trees, destination: join(trees.directory, 'none') }, [], { status: 3 }),
  'nothing is mounted there': (trees) => sync(trees, ['--require-mount'], { status: 3 }),
  'is the source mounted': async (trees) => {
    await writeTree(trees.destination, { a: file('x') });
    return sync(trees, ['--delete'], { status: 3 });
  },
  'delete limit reached': async (trees) => {
    await writeTree(trees.source, { a: file('x') });
    await writeTree(
      trees.destination,
      Array.from({ length: 10 }, (_, index) => [`x${index}`, file('x')] as const),
    );
    return sync(trees, ['--delete', '--max-delete=10%'], { status: 25 });
  },
  'it is a mount point': async (trees) => {
    await writeTree(trees.source, { a: file('x') });
    await writeTree(trees.destination, { old: dir({}) });
    const mounted = join(trees.destination, 'old');
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', mounted]);
    try {
      return await sync(trees, ['--delete', '--no-verify'], { status: 23 });
    } finally {
      execFileSync('umount', [mounted]);
    }
  },
  'cannot copy': async (trees) => {
    giveToNobody(trees);
    await writeTree(trees.source, { home: dir({ key: file('x', { mode: 0o600 }) }) });
    return sync(trees, [], { status: 23, asNobody: true });
  },
  'cannot set the owner': async (trees) => {
    giveToNobody(trees);
    await writeTree(trees.source, { a: file('x') });
    return sync(trees, ['--preserve=owner'], { status: 23, asNobody: true });
  },
  'content mismatch': async (trees) => {
    const past = { mtimeNs: 1_000_000_000n };
    await writeTree(trees.source, { f: file('x', past) }, past);
    await writeTree(trees.destination, { f: file('y', past) }, past);
    return verify(trees, [], { status: 40 });
  },
  'ownership of': async (trees) => {
    giveToNobody(trees);
    await writeTree(trees.source, { a: file('x'), b: file('x') });
    return sync(trees, [], { asNobody: true });
  },
};

/** As the guide has it: with the roots' names, and without what depends on the run. */
function asShown(output: string, { source, destination, directory }: Trees): string {
  const named = output
    .replaceAll(source, '/mnt/nas')
    .replaceAll(destination, '/mnt/efs')
    .replaceAll(join(directory, 'none'), '/mnt/efs');
  return withoutNumbers(named);
}

test('README shows some', () => {
  expect(SHOWN.length).toBeGreaterThan(10);
});

describeWith(['root', 'another user', 'tmpfs mount'], 'README shows', () => {
  test.for(SHOWN.filter((message) => !ELSEWHERE.test(message)))('%s', async (message, { trees }) => {
    const [, provoke] = Object.entries(PROVOKED).find(([words]) => message.includes(words)) ?? [];
    if (provoke === undefined) throw new Error('nothing here provokes it');
    const { output } = await provoke(trees);
    expect(asShown(output, trees)).toContain(withoutNumbers(message));
  });
});
