/** `efs-sync init`: writes a task file of the options given, and all others as comments to take up. */
import { close as closeWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { SyncError, UsageError } from '../../errors.ts';
import { displayName } from '../../model/display-name.ts';
import { reasonOf } from '../error-reason.ts';
import type { InitCommandLine } from '../options.ts';
import { patiently, within } from '../patience.ts';
import { createScreen } from '../screen.ts';
import { writeAll } from '../write-all.ts';
import { formatTask } from './format-task.ts';

const closeFile = promisify(closeWithCallback);

/** From the program's file in dist; editors that know the first line complete and check what is typed. */
const SCHEMA = new URL('../task.schema.json', import.meta.url);

const HEADER = `# yaml-language-server: $schema=${SCHEMA.href}
# A task of efs-sync. Run it:    efs-sync run FILE
# What it would use:             efs-sync run FILE --print-config
# Every key is explained in efs-sync-task(5).

`;

/** Never over a file that exists. @throws UsageError */
export async function writeTask(line: InitCommandLine): Promise<number> {
  const { file, source, destination, given } = line;
  const operands = [
    { key: 'source', value: source, origin: '' },
    { key: 'destination', value: destination, origin: '' },
  ];
  const text = HEADER + formatTask({ operands, given, notes: 'descriptions' });
  if (file === '-') {
    (await createScreen(process, 'never', process.env)).out(text);
    return 0;
  }
  try {
    await patiently(undefined, (patience) => within(patience, displayName(file), writeNew(file, text)));
  } catch (error) {
    if (error instanceof SyncError) throw error;
    throw new UsageError(`cannot write ${displayName(file)}: ${reasonOf(error)}`, { cause: error });
  }
  return 0;
}

async function writeNew(file: string, text: string): Promise<void> {
  const { makeFile } = await import('../../sync.ts');
  const descriptor = await makeFile(file);
  await writeAll(descriptor, Buffer.from(text));
  await closeFile(descriptor);
}
