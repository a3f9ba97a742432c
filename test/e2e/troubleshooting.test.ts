/** The messages in docs/troubleshooting.md are the real ones, word for word. */
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

const PAGE = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');
const [, SECTION = ''] = PAGE.split('## Messages\n');
const [TROUBLES = ''] = SECTION.split('\n## ');
const SHOWN = [...TROUBLES.matchAll(/^- (`.*`):$/gm)].flatMap(([, line = '']) =>
  line.slice(1, -1).split('`, `'),
);

/** These messages need a failing server, a full disk, an fstab or a concurrent change. Other tests cover them. */
const ELSEWHERE =
  /cannot make destination|No space left|cannot flush|another sync of|vanished|source changed|no progress/;

type Provoke = (trees: Trees) => Promise<{ readonly output: string }>;

/** How to provoke each message, by words in it. */
const PROVOKED: Readonly<Record<string, Provoke>> = {
  'cannot use destination': (trees) =>
    sync({ ...trees, destination: join(trees.directory, 'none/data') }, [], { status: 3 }),
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

/** The output as the guide prints it: placeholder roots, and no parts that vary between runs. */
function asShown(output: string, { source, destination, directory }: Trees): string {
  const named = output
    .replaceAll(source, '/mnt/nas')
    .replaceAll(destination, '/mnt/efs')
    .replaceAll(join(directory, 'none'), '/mnt/efs');
  return withoutNumbers(named);
}

test('the page shows messages', () => {
  expect(SHOWN.length).toBeGreaterThan(10);
});

describeWith(['root', 'another user', 'tmpfs mount'], 'the page shows', () => {
  test.for(SHOWN.filter((message) => !ELSEWHERE.test(message)))('%s', async (message, { trees }) => {
    const [, provoke] = Object.entries(PROVOKED).find(([words]) => message.includes(words)) ?? [];
    if (provoke === undefined) throw new Error('nothing here provokes it');
    const { output } = await provoke(trees);
    expect(asShown(output, trees)).toContain(withoutNumbers(message));
  });
});
