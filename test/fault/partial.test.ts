/** With --partial, an interrupted run keeps a file only if the file system confirms that it was written. */
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, expect } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts';
import { describeWith } from '../support/requirements.ts';
import { sync } from './engine.ts';
import { type Fault, Faults, withFaults } from './faults.ts';
import { reporterFor } from './run-once.ts';

const SIZE_BYTES = 40 * 1024 * 1024;
const CLOSE_FAILS: Fault = { call: 'close', nth: 1, kind: 'EIO', lasts: 'always', timing: 'instead' };

/** Interrupts the run once it starts copying. */
class Interrupting extends Faults {
  readonly controller = new AbortController();

  override next(call: string, args: readonly unknown[]): Fault | undefined {
    if (call === 'copy_file_range') this.controller.abort();
    return super.next(call, args);
  }
}

/** Returns the names at the destination after an interrupted run. */
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

  it('is not kept if close reports lost writes', async () => {
    expect(await keptBy(new Interrupting([CLOSE_FAILS]))).toEqual([]);
  });
});
