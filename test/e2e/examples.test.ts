/** The package's service, timer and script do what they say, run by the tools they are for. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { expectSame, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

function example(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
}

/** The values of one setting of the unit, one per line. */
function settingOf(unit: string, name: string): string[] {
  const lines = readFileSync(example(unit), 'utf8').matchAll(new RegExp(`^${name}=(.*)$`, 'gm'));
  return Array.from(lines, ([, value = '']) => value);
}

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function call(command: string, args: readonly string[], env: Record<string, string> = {}): Answer {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: '/',
    env: { ...cleanEnvironment(), ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** A PATH that finds efs-sync and its node. */
function pathWithProgram({ directory }: Trees): string {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  symlinkSync(CLI, join(bin, 'efs-sync'));
  symlinkSync(process.execPath, join(bin, 'node'));
  return `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`;
}

/** Installs the units unchanged except for the program's path. */
function installUnits({ directory }: Trees): string[] {
  return ['efs-sync.service', 'efs-sync.timer'].map((name) => {
    const path = join(directory, name);
    writeFileSync(path, readFileSync(example(name), 'utf8').replaceAll('/usr/local/bin/efs-sync', CLI));
    return path;
  });
}

describeWith(['systemd-analyze'], 'the units', () => {
  test('pass systemd-analyze verify', async ({ trees }) => {
    const answer = call('systemd-analyze', ['verify', '--man=no', ...installUnits(trees)]);
    expect(answer).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('the service is confined as far as a sync by root can be', async ({ trees }) => {
    const [service = ''] = installUnits(trees);
    const args = ['security', '--offline=true', '--no-pager', '--threshold=15', service];
    expect(call('systemd-analyze', args)).toMatchObject({ status: 0 });
  });

  test("the timer's calendar is valid", () => {
    const calendar = settingOf('efs-sync.timer', 'OnCalendar')[0] ?? '';
    expect(call('systemd-analyze', ['calendar', calendar])).toMatchObject({ status: 0, stderr: '' });
  });

  test.each(['America/New_York', 'Europe/Berlin', 'Australia/Sydney', 'America/Santiago', 'UTC'])(
    'the timer runs once a night all year, despite clock changes in %s',
    (zone) => {
      const calendar = settingOf('efs-sync.timer', 'OnCalendar')[0] ?? '';
      const args = ['calendar', '--iterations=365', '--base-time=2027-01-01 00:00:00', calendar];
      const { stdout } = call('systemd-analyze', args, { TZ: zone });
      const nights = Array.from(
        stdout.matchAll(/(?:elapse|#\d+): \w+ (2027-\d\d-\d\d) /g),
        ([, night]) => night,
      );
      expect(new Set(nights).size).toBe(365);
      expect(nights).toHaveLength(365);
    },
  );
});

/** A tree that needs root: other owners, closed directories, set-id bits, and files that deny all access. */
async function writeRootsTree(trees: Trees): Promise<void> {
  await writeTree(trees.source, {
    closed: dir({ secret: file('x', { mode: 0, uid: 7, gid: 8 }) }, { mode: 0, uid: 7, gid: 8 }),
    program: file('y', { mode: 0o6755, uid: 9, gid: 10 }),
    link: symlink('program', { uid: 11, gid: 12 }),
    many: dir(Array.from({ length: 100 }, (_, index) => [`f${index}`, file(`${index}`)] as const)),
  });
}

/** CAP_NET_RAW in the permitted set, as a struct vfs_cap_data (linux/capability.h). */
const FILE_CAPABILITY = '0100000200200000000000000000000000000000';

function fileCapability(action: 'get' | 'set', path: string): string {
  const script = `import os, sys
name = 'security.capability'
if sys.argv[1] == 'set':
    os.setxattr(sys.argv[2], name, bytes.fromhex('${FILE_CAPABILITY}'))
print(os.getxattr(sys.argv[2], name).hex())`;
  return call('python3', ['-c', script, action, path]).stdout.trim();
}

describeWith(['root', 'systemd-analyze'], 'within the limits of the service', () => {
  test('root may do everything that a sync needs', async ({ trees }) => {
    await writeRootsTree(trees);
    const program = join('many', 'f0');
    expect(fileCapability('set', join(trees.source, program))).toBe(FILE_CAPABILITY);
    const capabilities = settingOf('efs-sync.service', 'CapabilityBoundingSet')
      .flatMap((names) => names.split(' '))
      .map((name) => `+${name.replace('CAP_', '').toLowerCase()}`)
      .join(',');
    const bounds = [`--bounding-set=-all,${capabilities}`, '--inh-caps=-all', '--no-new-privs'];
    const args = [...bounds, process.execPath, CLI, '-aAX', '--delete', trees.source, trees.destination];
    expect(call('setpriv', args)).toMatchObject({ status: 0, stderr: '' });
    await expectSame(trees);
    expect(fileCapability('get', join(trees.destination, program))).toBe(FILE_CAPABILITY);
  });
});

describeWith(['root', 'systemd-analyze', 'strace'], 'the system calls of a sync', () => {
  test('are all allowed by the service', async ({ trees }) => {
    await writeRootsTree(trees);
    const log = join(trees.directory, 'calls');
    const args = ['-f', '-qq', '-e', 'signal=none', '-o', log, process.execPath, CLI, '-aAX'];
    expect(call('strace', [...args, trees.source, trees.destination])).toMatchObject({ status: 0 });
    const allowed = allowedCalls(settingOf('efs-sync.service', 'SystemCallFilter'));
    const made = new Set(
      Array.from(
        readFileSync(log, 'latin1').matchAll(/^\d+ +(?:<\.\.\. )?(\w+)[( ]/gm),
        ([, name = '']) => name,
      ),
    );
    expect(made).toContain('fchownat');
    expect([...made].filter((name) => !allowed.has(name))).toEqual([]);
  });
});

/** Evaluates the setting as systemd does: each line adds names and groups, or removes them after a `~`. */
function allowedCalls(lines: readonly string[]): Set<string> {
  const allowed = new Set<string>();
  for (const line of lines) {
    for (const name of line
      .replace('~', '')
      .split(' ')
      .flatMap((word) => groupMembers(word))) {
      if (line.startsWith('~')) allowed.delete(name);
      else allowed.add(name);
    }
  }
  return allowed;
}

function groupMembers(name: string): string[] {
  if (!name.startsWith('@')) return [name];
  const { stdout } = call('systemd-analyze', ['--no-pager', 'syscall-filter', name]);
  const words = stdout
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  return words.filter((word) => word !== '' && !word.startsWith('#')).flatMap((word) => groupMembers(word));
}

describeWith(['shellcheck'], 'the script', () => {
  test('passes shellcheck', () => {
    const answer = call('shellcheck', [example('nightly.sh')]);
    expect(answer).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

test('the script acts on exit statuses', async ({ trees }) => {
  const { source, destination, directory } = trees;
  await writeTree(source, { a: file('x') });
  const PATH = pathWithProgram(trees);
  const nightly = (...args: string[]) => call(example('nightly.sh'), args, { PATH });
  expect(nightly(source, destination)).toEqual({
    status: 0,
    stdout: 'Everything is there, and verified.\n',
    stderr: '',
  });
  await expectSame(trees);
  writeFileSync(join(destination, 'b'), 'stray');
  expect(nightly(source, destination, '--delete', '--max-delete=0')).toMatchObject({
    status: 25,
    stdout: '',
    stderr: expect.stringMatching(/Somebody must look\.\n$/) as string,
  });
  expect(nightly('verify', source, destination, '--delete')).toMatchObject({
    status: 40,
    stderr: expect.stringMatching(/Do not cut over\.\n$/) as string,
  });
  expect(nightly(join(directory, 'none'), destination)).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/failed with exit status 3\.\n$/) as string,
  });
});

test('the environment cron gives is enough: no home, no terminal, no language', async ({ trees }) => {
  await writeTree(trees.source, { 'é\xff': file('x') });
  const PATH = pathWithProgram(trees);
  const state = join(trees.directory, 'state');
  const command = `efs-sync -q --state-dir='${state}' '${trees.source}' '${trees.destination}'`;
  const answer = call('env', [
    '-i',
    `PATH=${PATH}`,
    'SHELL=/bin/sh',
    'LOGNAME=root',
    '/bin/sh',
    '-c',
    command,
  ]);
  expect(answer).toEqual({ status: 0, stdout: '', stderr: '' });
  await expectSame(trees);
});
