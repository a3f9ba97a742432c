/** The run shown in README is what such a run prints, except for numbers. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { agreesWith, withoutNumbers } from '../support/guide.ts';
import { writeTree } from '../support/oracle.ts';
import { readPage } from '../support/pages.ts';
import { sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const [, BLOCK = ''] = /^## A run$[^]*?^```console\n([^]*?)^```$/m.exec(readPage('README.md')) ?? [];
/** Each command, and the output below it. */
const [FIRST, SECOND] = BLOCK.split(/^# /m)
  .slice(1)
  .map((step) => /^(?<typed>.*)\n(?<printed>[^]*)exit status (?<status>\d+)\n$/.exec(step)?.groups);

function asShown({ stdout }: { stdout: string }, { source, destination }: Trees): string {
  // The page's destination is a server, whose content is never read from a cache.
  const shown = stdout.replace('; destination read from cache', '');
  return withoutNumbers(shown.replaceAll(source, '/mnt/nas').replaceAll(destination, '/mnt/efs'));
}

test('README shows what a sync prints, and then what verify does', async ({ trees }) => {
  const text = file('x'.repeat(2000));
  await writeTree(trees.source, {
    bash: dir({ RBASH: text, other: text, more: dir({}), link: symlink('RBASH'), two: symlink('x') }),
  });
  expect(FIRST?.['typed']).toContain('efs-sync --delete /mnt/nas /mnt/efs;');
  const copied = await sync(trees, ['--delete'], { status: Number(FIRST?.['status']) });
  expect(asShown(copied, trees)).toMatch(agreesWith(FIRST?.['printed'] ?? ''));

  const copy = join(trees.destination, 'bash/RBASH');
  const reference = join(trees.directory, 'reference');
  execFileSync('touch', ['-r', copy, reference]);
  execFileSync('dd', [`of=${copy}`, 'bs=1', 'seek=100', 'conv=notrunc', 'status=none'], { input: 'X' });
  execFileSync('touch', ['-r', reference, copy]);
  expect(SECOND?.['typed']).toContain('efs-sync verify --delete /mnt/nas /mnt/efs;');
  const verified = await verify(trees, ['--delete'], { status: Number(SECOND?.['status']) });
  expect(asShown(verified, trees)).toMatch(agreesWith(SECOND?.['printed'] ?? ''));
});
