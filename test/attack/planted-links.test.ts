/**
 * A symbolic link that another user planted in any component of a path that the operator named is not
 * followed. A link owned by root or by the user is.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { NOBODY, runCli, type CliResult, type RunOptions } from '../support/run-cli.ts';
import { giveToNobody, snapshot, test, type Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

interface Named {
  readonly what: string;
  readonly name: string;
  /** The content of the link's target. Undefined: the target is a directory. */
  readonly content: string | undefined;
  readonly use: 'written' | 'read';
  readonly args: (path: string, trees: Trees) => readonly string[];
  /** The exit status; 1 by default. */
  readonly refusedWith?: number;
  /** The command creates the file, and refuses any existing name, even a link. */
  readonly isNew?: true;
}

function option(name: string, use: Named['use'], options: { name?: string; content?: string } = {}): Named {
  const args = (path: string, { source, destination }: Trees) => [source, destination, `--${name}=${path}`];
  return { what: `--${name}`, name: 'named', content: 'secret\n', use, args, ...options };
}

const NAMED: readonly Named[] = [
  option('log-file', 'written'),
  option('report', 'written', { name: 'r.txt' }),
  option('report', 'written', { name: 'r.json' }),
  option('report', 'written', { name: 'r.html' }),
  option('emf', 'written'),
  option('metrics', 'written', { name: 'm.prom' }),
  option('manifest', 'written'),
  {
    ...option('manifest', 'written', { name: 'm.sha256' }),
    what: 'FILE.sha256 of --manifest',
    args: (path, { source, destination }) => [
      source,
      destination,
      '--digest=sha256',
      `--manifest=${path.replace(/\.sha256$/, '')}`,
    ],
  },
  option('limits-file', 'read', { content: 'bwlimit=1M\n' }),
  option('files-from', 'read', { content: 'a\n' }),
  option('exclude-from', 'read'),
  option('include-from', 'read'),
  {
    ...option('', 'read', { name: 't.yaml', content: 'source: s\ndestination: d\n' }),
    what: 'a task file of run',
    args: (path) => ['run', '--print-config', path],
  },
  {
    ...option('', 'written', { name: 't.yaml' }),
    what: 'the task file of init',
    args: (path, { source, destination }) => ['init', path, source, destination],
    isNew: true,
  },
  {
    what: 'the destination',
    name: 'root',
    content: undefined,
    use: 'written',
    args: (path, { source }) => [source, path, '--delete'],
    refusedWith: 3,
  },
  {
    what: 'the source',
    name: 'root',
    content: undefined,
    use: 'read',
    args: (path, { destination }) => [path, destination],
    refusedWith: 3,
  },
];

interface Scene {
  /** The path given on the command line. */
  readonly path: string;
  readonly link: string;
  /** The target of the link. */
  readonly victim: string;
}

/** Plants a link as the named file itself or as a directory on its path. Only the link has another owner. */
async function setUp(
  trees: Trees,
  { name, content }: Named,
  { isDirectory, owner }: { isDirectory: boolean; owner: number },
): Promise<Scene> {
  await writeTree(trees.source, { a: file('content') });
  const [victims, place] = [join(trees.directory, 'victims'), join(trees.directory, 'place')];
  for (const directory of [victims, place]) mkdirSync(directory);
  const victim = join(victims, name);
  if (content === undefined) mkdirSync(victim);
  writeFileSync(content === undefined ? join(victim, 'kept') : victim, content ?? 'secret');
  giveToNobody(trees);
  execFileSync('chown', ['-R', '0:0', trees.directory]);
  const link = join(place, isDirectory ? 'directory' : name);
  symlinkSync(isDirectory ? victims : join('..', 'victims', name), link);
  lchownSync(link, owner, owner);
  return { path: isDirectory ? join(link, name) : link, link, victim };
}

async function useNamed(
  named: Named,
  { path }: Scene,
  trees: Trees,
  options: RunOptions = {},
): Promise<CliResult> {
  return runCli(named.args(path, trees), options);
}

const PLANTED = NAMED.flatMap((named) => [
  { ...named, where: 'as the last component', isDirectory: false },
  { ...named, where: 'as a directory on the way', isDirectory: true },
]);

describeWith(['another user'], 'a link planted by another user', () => {
  // A command that creates its file refuses any existing name, whoever owns it.
  const refused = PLANTED.filter(({ isNew, isDirectory }) => isNew !== true || isDirectory);

  test.for(refused)('$what $name $where is refused', async (named, { trees }) => {
    const scene = await setUp(trees, named, { isDirectory: named.isDirectory, owner: NOBODY });
    const look = async (): Promise<unknown> => [
      await snapshot(join(trees.directory, 'victims')),
      await snapshot(trees.destination),
      readdirSync(join(trees.directory, 'place')),
    ];
    const before = await look();
    const { status, stderr } = await useNamed(named, scene, trees);
    expect(stderr).toContain(`he symbolic link ${scene.link} belongs to user ${NOBODY};`);
    expect(await look()).toEqual(before);
    expect(status).toBe(named.refusedWith ?? 1);
  });

  test('is refused behind a trusted link', async ({ trees }) => {
    const named = option('log-file', 'written');
    const { link, victim } = await setUp(trees, named, { isDirectory: false, owner: NOBODY });
    const first = join(trees.directory, 'first');
    symlinkSync(basename(dirname(link)) + '/named', first);
    const { status, stderr } = await useNamed(named, { path: first, link, victim }, trees);
    expect(stderr).toContain(`belongs to user ${NOBODY}`);
    expect([status, readFileSync(victim, 'utf8')]).toEqual([1, 'secret\n']);
  });

  test('in place of the limits file during a run: the limits stay', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'.repeat(100_000)) });
    const [limits, other] = [join(trees.directory, 'limits'), join(trees.directory, 'other')];
    writeFileSync(limits, 'bwlimit=20K\n');
    writeFileSync(other, 'bwlimit=1K\n');
    const { status, stderr } = await runCli(
      [trees.source, trees.destination, `--limits-file=${limits}`, '--verify=none'],
      {
        onStart: () => {
          const timer = setInterval(() => {
            if (!existsSync(join(trees.destination, 'a')) && !isBeingWritten(trees)) return;
            clearInterval(timer);
            execFileSync('ln', ['-sfn', other, limits]);
            lchownSync(limits, NOBODY, NOBODY);
          }, 5);
        },
      },
    );
    expect(stderr).toContain(`belongs to user ${NOBODY}; only links`);
    expect(stderr).toContain('the limits stay as they are');
    expect(status).toBe(0);
  });
});

function isBeingWritten({ destination }: Trees): boolean {
  return execFileSync('ls', ['-A', destination], { encoding: 'utf8' }) !== '';
}

describeWith(['another user'], 'a link', () => {
  const followed = PLANTED.filter(({ isNew, isDirectory }) => isNew !== true || isDirectory);

  test.for(followed)('of the user to $what $name $where is followed', async (named, { trees }) => {
    await expectFollowed(named, trees, {});
  });

  test.for(followed)('of root to $what $name $where is followed for others', async (named, { trees }) => {
    await expectFollowed(named, trees, { asNobody: true });
  });
});

async function expectFollowed(
  named: Named & { isDirectory: boolean },
  trees: Trees,
  options: RunOptions,
): Promise<void> {
  const scene = await setUp(trees, named, { isDirectory: named.isDirectory, owner: 0 });
  if (named.isNew === true) execFileSync('rm', [scene.victim]);
  if (options.asNobody === true) {
    giveToNobody(trees);
    lchownSync(scene.link, 0, 0);
  }
  const { status, output } = await useNamed(named, scene, trees, options);
  expect([status, output]).toEqual([0, expect.not.stringContaining('belongs to')]);
  expect(lstatSync(scene.link).isSymbolicLink()).toBe(true);
  const [before, place] =
    named.content === undefined ? ['secret', join(scene.victim, 'kept')] : [named.content, scene.victim];
  const isChanged = !existsSync(place) || readFileSync(place, 'utf8') !== before;
  expect(isChanged).toBe(named.use === 'written');
}

describeWith(['another user'], 'a file that another user planted in a world-writable directory', () => {
  test.for(['log-file', 'emf'])('--%s does not write to it', async (name, { trees }) => {
    await writeTree(trees.source, { a: file('content') });
    const shared = join(trees.directory, 'shared');
    mkdirSync(shared);
    execFileSync('chmod', ['1777', shared]);
    const planted = join(shared, 'planted');
    writeFileSync(planted, 'theirs');
    lchownSync(planted, NOBODY, NOBODY);
    const { status, stderr } = await runCli([trees.source, trees.destination, `--${name}=${planted}`]);
    expect(stderr).toContain(`The file ${planted} belongs to user ${NOBODY}`);
    expect([status, readFileSync(planted, 'utf8')]).toEqual([1, 'theirs']);
  });

  test.for(['log-file', 'emf'])('--%s does not wait for a FIFO', async (name, { trees }) => {
    const planted = join(trees.directory, 'planted');
    execFileSync('mkfifo', [planted]);
    lchownSync(planted, NOBODY, NOBODY);
    const { status, stderr } = await runCli([trees.source, trees.destination, `--${name}=${planted}`]);
    expect(stderr).toContain(`The fifo ${planted} belongs to user ${NOBODY}`);
    expect(status).toBe(1);
  });
});
