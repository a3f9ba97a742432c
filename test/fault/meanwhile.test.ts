/** A source that changes between two calls of a run: it is unmounted, or written to. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { it, expect } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../src/model/settings.ts';
import type { Task } from '../../src/model/task.ts';
import { describeWith } from '../support/requirements.ts';
import { targetsOf } from './call-target.ts';
import { setSurroundings } from './engine.ts';
import { type Fault, Faults } from './faults.ts';
import { runOnce } from './run-once.ts';

interface Moment {
  readonly phase: string;
  readonly call: string;
  readonly path: string;
}

/** Acts just before a call. */
class Meanwhile extends Faults {
  readonly #moment: Moment;
  readonly #act: () => void;
  hasActed = false;

  constructor(moment: Moment, act: () => void) {
    super();
    this.#moment = moment;
    this.#act = act;
  }

  override next(call: string, args: readonly unknown[]): Fault | undefined {
    const { phase, call: awaited, path } = this.#moment;
    if (!this.hasActed && call === awaited && phase === this.phase && targetsOf(call, args).includes(path)) {
      this.hasActed = true;
      this.#act();
    }
    return super.next(call, args);
  }
}

function makeTask(settings: Partial<Settings>): Task {
  const directory = mkdtempSync(join(String(process.env['EFS_SYNC_TEST_MEMORY']), 'fault-meanwhile-'));
  const [source, destination] = [join(directory, 'source'), join(directory, 'destination')];
  for (const root of [source, destination]) mkdirSync(root);
  const places = { stateDirectory: directory, spoolDirectory: directory };
  return { source, destination, settings: { ...DEFAULT_SETTINGS, ...places, ...settings } };
}

async function runWhile(task: Task, command: 'sync' | 'verify', meanwhile: Meanwhile) {
  setSurroundings({ source: 'blocking', destination: 'blocking', isRemote: false });
  const outcome = await runOnce(task, { command }, meanwhile);
  expect(meanwhile.hasActed).toBe(true);
  return outcome;
}

describeWith(['root', 'memory file system', 'tmpfs mount'], 'a source that is unmounted', () => {
  it('after the last file was removed: no directory is deleted', async () => {
    const task = makeTask({ delete: true });
    const { source, destination } = task;
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', source]);
    try {
      writeFileSync(join(source, 'kept'), '');
      mkdirSync(join(destination, 'extraneous'));
      const last = join(destination, 'extraneous', 'file');
      writeFileSync(last, '');
      const moment = { phase: 'syncing', call: 'unlinkat', path: last };
      const unmount = () => execFileSync('umount', ['--lazy', source]);
      const { status, error } = await runWhile(task, 'sync', new Meanwhile(moment, unmount));
      expect([status, String(error)]).toEqual([11, expect.stringContaining('was it unmounted')]);
      expect(existsSync(last)).toBe(false);
      expect(existsSync(join(destination, 'extraneous'))).toBe(true);
    } finally {
      execFileSync('sh', ['-c', 'umount "$0" 2>/dev/null || true', source]);
    }
  });
});

function replaceLink(path: string): void {
  rmSync(path);
  symlinkSync('newer', path);
}

function replaceFile(path: string): void {
  writeFileSync(path, 'newer');
}

describeWith(['root', 'memory file system'], 'a source that is written during verification', () => {
  it.each([
    ['a file', 'openat', replaceFile, {}],
    ['a file whose digest is listed', 'openat', replaceFile, { listVerified: true }],
    ['a link', 'readlinkat', replaceLink, {}],
  ] as const)('is not corruption: %s', async (_, call, change, settings) => {
    const task = makeTask(settings);
    const [path, copy] = [join(task.source, 'name'), join(task.destination, 'name')];
    if (call === 'openat') writeFileSync(path, 'older');
    else symlinkSync('older', path);
    execFileSync('cp', ['-a', path, copy]);
    execFileSync('touch', ['-r', task.source, task.destination]);
    const moment = { phase: 'verifying', call, path };
    const { report } = await runWhile(task, 'verify', new Meanwhile(moment, () => change(path)));
    const verdicts = report?.verdicts.filter((verdict) => verdict.path === 'name');
    expect(verdicts).toMatchObject([{ class: 'source changed', detail: 'it changed during verification' }]);
  });
});
