/** What an interrupted run keeps with --partial is kept only where the file system says that it was written. */
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/model/default-settings.ts';
import { describeWith } from '../support/requirements.ts';
import { sync } from './engine.ts';
import { Faults, withFaults, type Fault } from './faults.ts';
import { reporterFor } from './run-once.ts';

const SIZE_BYTES = 40 * 1024 * 1024;
const CLOSE_FAILS: Fault = { call: 'close', nth: 1, kind: 'EIO', lasts: 'always', timing: 'instead' };

/** Interrupts the run as soon as it copies. */
class Interrupting extends Faults {
  readonly controller = new AbortController();

  override next(call: string, args: readonly unknown[]): Fault | undefined {
    if (call === 'copy_file_range') this.controller.abort();
    return super.next(call, args);
  }
}

/** Gives the names at the destination of a run that was interrupted. */
async function keptBy(faults: Interrupting): Promise<string[]> {
  const directory = mkdtempSync(join(String(process.env['EFS_SYNC_TEST_MEMORY']), 'fault-partial-'));
  const [source, destination] = [join(directory, 'source'), join(directory, 'destination')];
  for (const root of [source, destination]) mkdirSync(root);
  writeFileSync(join(source, 'file'), Buffer.alloc(SIZE_BYTES, 'content'));
  const directories = { stateDirectory: directory, spoolDirectory: directory };
  const task = { source, destination, settings: { ...DEFAULT_SETTINGS, ...directories, partial: true } };
  const context = { reporter: reporterFor(faults), signal: faults.controller.signal };
  const { outcome } = await withFaults(faults, () => sync(task, context));
  expect(outcome.status).toBe('Interrupted');
  return readdirSync(destination);
}

describeWith(['memory file system'], 'a copy that is interrupted', () => {
  it('is kept for the next run', async () => {
    expect(await keptBy(new Interrupting())).toEqual([expect.stringMatching(/\.part$/)]);
  });

  it('is not where closing it tells of lost writes', async () => {
    expect(await keptBy(new Interrupting([CLOSE_FAILS]))).toEqual([]);
  });
});
