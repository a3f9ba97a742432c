/**
 * On a machine with few resources a run works, or says what it needs: never a stack trace, never status 70.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { withLatfs } from '../support/latfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { expectSame, test, type Trees } from '../support/scenario.ts';
import { dir, file, type NamedNode } from '../support/tree.ts';

/** More than the main thread handles alone, so workers start. */
const DIRECTORIES = 40;
/** A user without other processes, so process limits count only this test's. */
const LONELY_UID = 61_234;

async function writeManyDirectories({ source }: Trees, count = DIRECTORIES): Promise<void> {
  const files = Array.from({ length: count }, (_, index): NamedNode => [`f${index}`, file(`x${index}`)]);
  const directories = Array.from({ length: count }, (_, index): NamedNode => [`d${index}`, dir(files)]);
  await writeTree(source, directories);
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Circumstances {
  readonly cwd?: string;
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** `before` is a wrapper such as prlimit or unshare. */
function runBy(
  before: readonly string[],
  args: readonly string[],
  { env, ...where }: Circumstances = {},
): Ended {
  const [program = '', ...rest] = [...before, process.execPath, CLI, ...args];
  const { status, stdout, stderr } = spawnSync(program, rest, {
    cwd: '/',
    env: { ...cleanEnvironment(), ...env },
    encoding: 'utf8',
    ...where,
  });
  expect(stdout + stderr).not.toContain('This is a bug');
  return { status, stdout, stderr };
}

describe('few open files', () => {
  test.for([24, 32, 40])(
    '%d: refused, with the number that is needed, which is enough',
    async (limit, { trees }) => {
      await writeManyDirectories(trees);
      const refused = runBy(['prlimit', `--nofile=${limit}`], [trees.source, trees.destination]);
      expect(refused.status, refused.stderr).toBe(3);
      const [, least] =
        /needs (\d+) open files, but the limit is \d+: .*ulimit -n/.exec(refused.stderr) ?? [];
      const { status, stderr } = runBy(['prlimit', `--nofile=${least}`], [trees.source, trees.destination]);
      expect(status, stderr).toBe(0);
      await expectSame(trees);
    },
  );

  test('too few even to inspect the machine', async ({ trees }) => {
    await writeManyDirectories(trees);
    const { status, stderr } = runBy(['prlimit', '--nofile=20'], [trees.source, trees.destination]);
    expect(status).toBe(3);
    expect(stderr).toContain('ulimit -n');
  });
});

/** The manifest's lines in sorted order, without the first, which describes the run. */
function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#') && !line.startsWith('{"event"'))
    .toSorted();
}

describeWith(['latfs'], 'few open files, on a mount with concurrent calls', () => {
  test.for([56, 64, 100])('%d: fewer calls are in flight', async (limit, { trees }) => {
    // Without a limit, even this few leave 409 descriptors open at once.
    await writeManyDirectories(trees, 20);
    const backing = join(trees.directory, 'backing');
    mkdirSync(backing);
    await withLatfs(
      { backing, mountPoint: join(trees.directory, 'mount') },
      ['--latency', '2'],
      async ({ mountPoint }) => {
        const destination = join(mountPoint, 'd');
        mkdirSync(destination);
        const { status, stderr } = runBy(['prlimit', `--nofile=${limit}`], [trees.source, destination]);
        expect(status, stderr).toBe(0);
        await expectSame({ ...trees, destination: join(backing, 'd') });
      },
    );
  });
});

test.for(['4000000000', '12000000000'])(
  'an address space of %s bytes, too small for WebAssembly: the same digests',
  async (limit, { trees }) => {
    await writeManyDirectories(trees);
    const [confined, free] = [join(trees.directory, 'confined'), join(trees.directory, 'free')];
    const { source, destination } = trees;
    const { status, stderr } = runBy(
      ['prlimit', `--as=${limit}`],
      [`--manifest=${confined}`, source, destination],
    );
    expect(status, stderr).toBe(0);
    await expectSame(trees);
    expect(runBy([], ['verify', `--manifest=${free}`, source, destination]).status).toBe(0);
    expect(linesOf(confined).length).toBeGreaterThan(1600);
    expect(linesOf(confined)).toEqual(linesOf(free));
  },
);

describeWith(['another user'], 'few threads', () => {
  test('is reported, and is no bug', async ({ trees }) => {
    await writeManyDirectories(trees);
    chownSync(trees.destination, LONELY_UID, 0);
    const state = join(trees.directory, 'state');
    mkdirSync(state);
    chownSync(state, LONELY_UID, 0);
    // With --timeout, workers do all the work.
    const args = ['--timeout=600', '--preserve=mode,mtime', `--state-dir=${state}/s`];
    const { status, stderr } = runBy(['prlimit', '--nproc=8'], [...args, trees.source, trees.destination], {
      uid: LONELY_UID,
    });
    expect(status, stderr).toBe(3);
    expect(stderr).toMatch(/cannot start a worker thread: EAGAIN; .*ulimit -u/);
  });
});

describeWith(['root', 'mount namespaces'], 'no /proc', () => {
  const WITHOUT_PROC = ['unshare', '--mount', 'sh', '-c', 'umount -l /proc; exec "$0" "$@"'];

  test.for(['sync', 'verify', 'preflight'])('%s: says what it needs', (command, { trees }) => {
    const { status, stderr } = runBy(WITHOUT_PROC, [
      ...(command === 'sync' ? [] : [command]),
      trees.source,
      trees.destination,
    ]);
    expect(status, stderr).toBe(3);
    expect(stderr).toContain('needs /proc');
  });

  test('help and init work without it', ({ trees }) => {
    expect(runBy(WITHOUT_PROC, ['--help']).status).toBe(0);
    expect(runBy(WITHOUT_PROC, ['init', '-', trees.source, trees.destination]).status).toBe(0);
  });
});

function runInDeleted(trees: Trees, args: readonly string[]): Ended {
  const gone = join(trees.directory, 'gone');
  mkdirSync(gone);
  const inThere = ['sh', '-c', 'cd "$1" && rmdir "$1" && shift && exec "$@"', 'sh', gone];
  return runBy(inThere, args);
}

describe('a working directory that was deleted', () => {
  test.for<[string, (trees: Trees) => string[]]>([
    ['a sync', ({ source, destination }) => [source, destination]],
    [
      'an exclude file',
      ({ directory, source, destination }) => [`--exclude-from=${directory}/rules`, source, destination],
    ],
    [
      'a pattern of them',
      ({ directory, source, destination }) => [`--exclude-from=${directory}/rule[s]`, source, destination],
    ],
    ['a task file', ({ directory }) => ['run', join(directory, 'task.yaml')]],
  ])('%s: absolute paths work', async ([, args], { trees }) => {
    await writeManyDirectories(trees);
    const { directory, source, destination } = trees;
    writeFileSync(join(directory, 'rules'), '/none\n');
    writeFileSync(join(directory, 'task.yaml'), JSON.stringify({ source, destination }));
    const { status, stderr } = runInDeleted(trees, args(trees));
    expect(status, stderr).toBe(0);
    await expectSame(trees);
  });

  test('preflight --scan', async ({ trees }) => {
    await writeManyDirectories(trees);
    const { status, stderr } = runInDeleted(trees, ['preflight', '--scan', trees.source, trees.destination]);
    expect(status, stderr).toBe(0);
  });

  test.for<[string, (trees: Trees) => string[]]>([
    ['source', ({ destination }) => ['tmp', destination]],
    ['destination', ({ source }) => [source, 'tmp']],
    ['log', ({ source, destination }) => ['--log-file=log', source, destination]],
    ['list', ({ source, destination }) => ['--files-from=etc/passwd', source, destination]],
    ['task file', () => ['run', 'etc/passwd']],
    ['new task file', ({ source, destination }) => ['init', 'task.yaml', source, destination]],
  ])('%s: a relative path is refused, and not resolved elsewhere', ([, args], { trees }) => {
    const { status, stderr } = runInDeleted(trees, args(trees));
    expect(status).toBe(3);
    expect(stderr).toContain('the working directory has been deleted');
  });

  test('a relative path in a task file counts from the file all the same', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    const task = join(trees.directory, 'task.yaml');
    writeFileSync(task, JSON.stringify({ source: 'source', destination: 'destination' }));
    expect(runInDeleted(trees, ['run', task])).toMatchObject({ status: 0 });
    await expectSame(trees);
  });
});

describeWith(['root', 'user namespaces'], 'a user namespace that does not map every id', () => {
  const CONFINED = ['unshare', '--user', '--map-root-user'];

  test('one note for all owners that cannot be set', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { uid: 5000 }), b: file('y', { gid: 6000 }), c: file('z') });
    const { status, stdout, stderr } = runBy(CONFINED, [trees.source, trees.destination]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(
      'Note: ownership of 2 entries could not be kept: this user namespace does not map every id',
    );
    await expectSame(trees, { except: ['uid', 'gid'] });
  });

  test('owners that look equal but may differ are reported', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { uid: 5000, mtimeNs: 2n }) });
    await writeTree(trees.destination, { a: file('x', { uid: 6000, mtimeNs: 2n }) });
    const { stdout } = runBy(CONFINED, ['verify', trees.source, trees.destination]);
    expect(stdout).toContain('Note: not all owners were compared: this user namespace does not map every id');
  });

  test('preflight does not blame the server', ({ trees }) => {
    const { stdout } = runBy(CONFINED, ['preflight', trees.source, trees.destination]);
    expect(stdout).toMatch(/^\[WARNING\] destination: identity: this user namespace/m);
    expect(stdout).not.toContain('no_root_squash');
  });
});

test.for(['/proc', '/dev/null', '/sys'])('a state directory in %s is refused at once', (place, { trees }) => {
  const { status, stderr } = runBy(['timeout', '-s', 'KILL', '60'], [trees.source, trees.destination], {
    env: { XDG_STATE_HOME: place },
  });
  expect(status, stderr).toBe(3);
  expect(stderr).toContain(`cannot use state directory ${place}/efs-sync`);
});
