/** An unwritable report, log or metrics file is found before the sync; one that fills up does not stop it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, snapshot, sync, test, type Trees } from '../support/scenario.ts';
import { onceWriting, writeManyFiles } from '../support/slow-sync.ts';
import { dir, file } from '../support/tree.ts';

const OUTPUTS = [
  ['report', 'r.json'],
  ['report', 'r.txt'],
  ['log-file', 'log'],
  ['metrics', 'm.prom'],
  ['emf', 'emf'],
] as const;

/** Outputs that are appended to. The others get their name once they are complete. */
const APPENDED: ReadonlySet<string> = new Set(['log-file', 'emf']);

const TREE = { a: file('x'), d: dir({ b: file('y') }) };

test.for(OUTPUTS)('--%s=%s cannot be opened: nothing is done', async ([option, name], { trees }) => {
  await writeTree(trees.source, TREE);
  mkdirSync(join(trees.directory, name));
  const before = await snapshot(trees.directory);
  const cases = [
    [`/no/such/${name}`, 'No such file or directory'],
    [join(trees.directory, name), '(Is|Illegal operation on) a directory'],
    [join(trees.source, 'a', name), 'Not a directory'],
  ];
  for (const [path = '', reason = ''] of cases) {
    const { stdout, stderr } = await sync(trees, [`--${option}=${path}`], { status: 1 });
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      new RegExp(`^efs-sync: cannot (write|read) --${option}=${path}: ${reason}\n`, 'i'),
    );
  }
  expect(await snapshot(trees.directory)).toEqual(before);
});

/** Mounts a file system that can hold names but no content. */
async function onFullFileSystem({ directory }: Trees, body: (place: string) => Promise<void>): Promise<void> {
  const place = join(directory, 'full');
  mkdirSync(place);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]);
  try {
    spawnSync('dd', ['if=/dev/zero', `of=${place}/filler`, 'bs=4k'], { stdio: 'ignore' });
    await body(place);
  } finally {
    execFileSync('umount', [place]);
  }
}

describeWith(['root', 'tmpfs mount'], 'an output that fills up', () => {
  test.for(OUTPUTS)(
    '--%s=%s: the sync goes on, and reports it at the end',
    async ([option, name], { trees }) => {
      await writeTree(trees.source, TREE);
      await onFullFileSystem(trees, async (place) => {
        const { stderr } = await sync(trees, ['-q', `--${option}=${place}/${name}`], { status: 11 });
        const loss = `efs-sync: cannot write --${option}=${place}/${name}: No space left on device`;
        expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
          new RegExp(`^${loss} \\(exit status 11\\)$`, 'i'),
        );
        const left = APPENDED.has(option) ? ['filler', name] : ['filler'];
        expect(readdirSync(place).toSorted()).toEqual(left.toSorted());
      });
      await expectSame(trees);
    },
  );

  test('all at once, and each is reported', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    await onFullFileSystem(trees, async (place) => {
      const outputs = OUTPUTS.slice(1).map(([option, name]) => `--${option}=${place}/${name}`);
      const { stderr } = await sync(trees, ['--json', ...outputs], { status: 11 });
      for (const output of outputs) expect(stderr).toContain(`cannot write ${output}`);
    });
    await expectSame(trees);
  });

  test('a run with another failure keeps its status', async ({ trees }) => {
    await onFullFileSystem(trees, async (place) => {
      const missing = { ...trees, source: '/no/such' };
      const { stderr } = await sync(missing, [`--log-file=${place}/log`], { status: 3 });
      expect(stderr).toMatch(/cannot write --log-file=.*\(exit status 3\)/);
    });
  });

  test('a log continues if there is room at the next SIGHUP', async ({ trees }) => {
    await writeManyFiles(trees);
    await onFullFileSystem(trees, async (place) => {
      const log = join(trees.directory, 'log');
      symlinkSync(join(place, 'log'), log);
      const onStart = onceWriting(trees, (child) => {
        rmSync(log);
        child.kill('SIGHUP');
      });
      const args = ['--bwlimit=500', '--verify=none', `--log-file=${log}`];
      const { stderr } = await sync(trees, args, { status: 11, onStart });
      expect(stderr.match(/continuing without it/g)).toHaveLength(1);
      expect(readFileSync(log, 'utf8')).toContain('Success');
    });
  });
});
