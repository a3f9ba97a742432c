/** All task files are read before anything is done, then each task has its turn, whatever became of the last. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCommandLine } from '../../../src/cli/options/parse-command-line.ts';
import { runTasks } from '../../../src/cli/run-tasks.ts';
import { UsageError } from '../../../src/model/run/errors.ts';
import { ExitStatus } from '../../../src/report/exit-status.ts';
import { makeScratch, type Scratch } from '../../support/open-files.ts';

let scratch: Scratch;
let out: string;
let err: string;

beforeEach(() => {
  scratch = makeScratch();
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  scratch.remove();
});

async function run(...args: readonly string[]): Promise<number> {
  const line = parseCommandLine(['run', ...args], (text) => expect.fail(text));
  if (line?.command !== 'run') throw new Error('no tasks');
  const status = await runTasks(line);
  // Screens print on the next turn of the event loop.
  await new Promise(setImmediate);
  return status;
}

/** A task that logs its turn and fails before it syncs. */
function write(name: string, text = ''): string {
  const path = scratch.path(`${name}.yaml`);
  const noting = `echo ${name} >> ${scratch.path('turns')}; exit 1`;
  writeFileSync(path, `source: /src/${name}\ndestination: /dst\nhooks: {before: '${noting}'}\n${text}`);
  return path;
}

function turns(): string[] {
  const file = scratch.path('turns');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

describe('tasks run one after another', () => {
  it('in the given order, even after a failure', async () => {
    expect(await run(write('b'), write('a'))).toBe(ExitStatus.location);
    expect(turns()).toEqual(['b', 'a']);
    expect(
      err.match(/efs-sync: the hook 'before' failed \(exit status 1\): nothing is synced\n/g),
    ).toHaveLength(2);
  });

  it('in the order of their names if a pattern matches them', async () => {
    for (const name of ['b', 'c', 'a']) write(name);
    await run(scratch.path('*.yaml'));
    expect(turns()).toEqual(['a', 'b', 'c']);
  });

  it('as often as they are given', async () => {
    const task = write('a');
    await run(task, task);
    expect(turns()).toEqual(['a', 'a']);
  });
});

/** A task that ends before it syncs; its last hook logs the exit status. */
function writeRefused(): string {
  const path = scratch.path('refused.yaml');
  const noting = `echo $EFS_SYNC_EXIT_STATUS >> ${scratch.path('turns')}`;
  const report = scratch.path('no such directory/r.txt');
  writeFileSync(path, `source: /src\ndestination: /dst\nreport: ${report}\nhooks: {after: '${noting}'}\n`);
  return path;
}

describe('the status', () => {
  it('is that of the first task that failed', async () => {
    expect(await run(writeRefused(), write('a'))).toBe(ExitStatus.usage);
    expect(await run(write('a'), writeRefused())).toBe(ExitStatus.location);
    expect(turns()).toEqual(['1', 'a', 'a', '1']);
  });
});

describe('nothing is run', () => {
  it.each<[string, (bad: string) => void, RegExp]>([
    ['is not there', () => undefined, /cannot read .*bad\.yaml: No such file/],
    ['is no task', (bad) => writeFileSync(bad, 'source: a'), /bad\.yaml:1:1: the task has no 'destination'/],
    [
      'has options that contradict each other',
      (bad) => writeFileSync(bad, 'source: a\ndestination: b\nchecksum: true\nsize-only: true\n'),
      /--checksum compares content and --size-only does not/,
    ],
    [
      'names a list that is not there',
      (bad) => writeFileSync(bad, 'source: a\ndestination: b\nexclude-from: /no/such/list\n'),
      /--exclude-from=\/no\/such\/list: No such file/,
    ],
  ])('if a file %s, though others are right', async (_, make, message) => {
    const bad = scratch.path('bad.yaml');
    make(bad);
    const running = run(write('a'), bad, write('z'));
    await expect(running).rejects.toThrow(UsageError);
    await expect(running).rejects.toThrow(message);
    expect(turns()).toEqual([]);
  });

  it('if an option of the command line contradicts one of a task', async () => {
    await expect(run(write('a'), write('b', 'checksum: true\n'), '--size-only')).rejects.toThrow(UsageError);
    expect(turns()).toEqual([]);
  });
});

describe('--print-config', () => {
  it('prints every task with the options of the command line, and runs none', async () => {
    const status = await run(write('a', 'retries: 7\n'), write('b'), '--print-config', '--delete');
    expect(status).toBe(ExitStatus.success);
    expect(turns()).toEqual([]);
    expect([...out.matchAll(/^source: (\S+)/gm)].map(([, source]) => source)).toEqual(['/src/a', '/src/b']);
    expect(out.match(/^delete: true/gm)).toHaveLength(2);
    expect(out.match(/^retries: 7/gm)).toHaveLength(1);
  });

  it('refuses what a run would refuse', async () => {
    await expect(run(write('a', 'json: true\nquiet: true\n'), '--print-config')).rejects.toThrow(/--json/);
  });
});
