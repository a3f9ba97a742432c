/** Without openat2(2), directories are opened name by name, and any call of that may fail. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../support/requirements.ts';
import { record, setStage } from './case.ts';
import { casesOf, runCases, TIMEOUT_MS } from './run-cases.ts';
import { WITHOUT_OPENAT2 } from './scenarios.ts';
import { startShell } from './shell.ts';

describeWith(['root', 'setfacl', 'user xattrs', 'memory file system'], 'any call that fails', () => {
  it('where directories are opened name by name', { timeout: TIMEOUT_MS }, async () => {
    const shell = startShell();
    const directory = join(String(process.env['EFS_SYNC_TEST_MEMORY']), 'fault-without-openat2');
    const stage = await setStage(WITHOUT_OPENAT2, directory, shell);
    const made = await record(stage);
    expect(made.filter(({ call }) => call === 'openat2').length).toBe(1);
    expect(await runCases(stage, casesOf(WITHOUT_OPENAT2, made))).toEqual([]);
    shell.end();
  });
});
