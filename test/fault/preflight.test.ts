/**
 * Preflight writes one file and removes it: whichever call fails, it reports that and leaves nothing behind.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, expect } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts';
import type { Task } from '../../src/model/task.ts';
import { compareTrees } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { wholeMatrix } from './choose-cases.ts';
import { outcomeOfError, preflight, exitStatusOf } from './engine.ts';
import { type Fault, Faults, withFaults } from './faults.ts';
import { startShell } from './shell.ts';

const BUG = 70;

/** Returns one sentence per broken promise. */
async function broken(task: Task, fault: Fault): Promise<string[]> {
  const faults = new Faults([fault]);
  const before = openCount();
  let isTold = false;
  const sentences: string[] = [];
  try {
    const checks = await withFaults(faults, () => preflight(task, { reporter: { warned: () => undefined } }));
    isTold = checks.some(({ result }) => result !== 'OK');
  } catch (error) {
    isTold = true;
    if (exitStatusOf(outcomeOfError(error)) === BUG)
      sentences.push(`a bug: ${String((error as Error).stack)}`);
  }
  if (openCount() > before) sentences.push(`${openCount() - before} descriptors stay open`);
  const left = readdirSync(task.destination).filter((name) => name.startsWith('.efs-sync-'));
  const mayStay = isTold && fault.call === 'unlinkat';
  if (!mayStay) sentences.push(...left.map((name) => `${name} stays behind`));
  return sentences;
}

function openCount(): number {
  return readdirSync('/proc/self/fd').length;
}

describeWith(['root', 'memory file system'], 'preflight', () => {
  it('leaves nothing behind, whatever call fails', async () => {
    const directory = join(String(process.env['EFS_SYNC_TEST_MEMORY']), 'fault-preflight');
    const [source, destination] = [join(directory, 'source'), join(directory, 'destination')];
    for (const root of [source, destination]) {
      mkdirSync(join(root, 'd'), { recursive: true });
      writeFileSync(join(root, 'd', 'file'), 'content');
    }
    const settings = { ...DEFAULT_SETTINGS, stateDirectory: directory, spoolDirectory: directory };
    const task: Task = { source, destination, settings };
    const shell = startShell();
    const recorded = new Faults();
    await withFaults(recorded, () => preflight(task, { reporter: { warned: () => undefined } }));
    const found: string[] = [];
    const cases = wholeMatrix(recorded.made);
    for (const fault of cases) {
      const sentences = await broken(task, fault);
      if (sentences.length > 0) found.push(`${JSON.stringify(fault)}: ${sentences.join(', ')}`);
      await shell.run(`rm -f '${destination}'/.efs-sync-*`);
    }
    shell.end();
    console.log(`preflight: ${cases.length} cases, ${found.length} broken`);
    expect(found.slice(0, 20)).toEqual([]);
    expect(await compareTrees(source, destination, { except: ['mtime'] })).toEqual([]);
  });
});
