/**
 * Writes task files: `efs-sync init` with the options given and all others as comments, `--print-config` with
 * the settings that a run would use, each with its origin.
 */
import type { ByteString } from '../model/byte-string.ts';
import { close as closeWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { SyncError, UsageError } from '../model/run/errors.ts';
import { displayName } from '../model/display-name.ts';
import { reasonOf } from '../report/error-reason.ts';
import type { CommandLine, GivenOption, InitCommandLine } from './options/options.ts';
import { keepRelative } from './options/relative-source.ts';
import { within } from '../flow/patience.ts';
import { patiently } from './signals.ts';
import { fromWorkingDirectory } from '../filesystem/operator-files/absolute-path.ts';
import { STANDARD_STREAM } from './options/table/option-declaration.ts';
import { PATH_OPTIONS } from './options/table/option-table.ts';
import { createScreen } from '../report/screen.ts';
import { writeAll } from '../filesystem/operator-files/pooled-io.ts';
import { formatTask } from './task-file/format-task.ts';
import { resolveTask } from './resolve-task.ts';

const closeFile = promisify(closeWithCallback);

/**
 * Relative to the program's file in dist. Editors read the schema named in the first line to complete and
 * check the file.
 */
const SCHEMA = new URL('../task.schema.json', import.meta.url);

const HEADER = `# yaml-language-server: $schema=${SCHEMA.href}
# A task of efs-sync. Run it:    efs-sync run FILE
# Show its settings:             efs-sync run FILE --print-config
# Every key is explained in efs-sync-task(5).

`;

/** `efs-sync init`. Never replaces an existing file. @throws UsageError */
export async function writeTask(line: InitCommandLine): Promise<number> {
  const { file, source, destination, given } = line;
  const isRelative = given.some(({ key, value }) => key === 'relative' && value === true);
  const operands = [
    {
      key: 'source',
      value: isRelative ? keepRelative(source, fromWorkingDirectory) : fromWorkingDirectory(source),
      origin: '',
    },
    { key: 'destination', value: fromWorkingDirectory(destination), origin: '' },
  ];
  const text = HEADER + formatTask({ operands, given: given.map(withAbsolutePath), notes: 'descriptions' });
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

/** The file may lie elsewhere. */
function withAbsolutePath(option: GivenOption): GivenOption {
  const { key, value } = option;
  const isPath = PATH_OPTIONS.has(key) && typeof value === 'string' && value !== STANDARD_STREAM;
  return isPath ? { ...option, value: fromWorkingDirectory(value) } : option;
}

async function writeNew(file: ByteString, text: string): Promise<void> {
  const { makeFile } = await import('../filesystem/operator-files/operator-file.ts');
  const descriptor = await makeFile(file);
  await writeAll(descriptor, Buffer.from(text));
  await closeFile(descriptor);
}

/** `--print-config`. @throws UsageError if the run itself would be refused, or a value is not valid UTF-8 */
export async function printConfig(line: CommandLine): Promise<number> {
  const { settings } = await patiently(line.options.timeout, (patience) => resolveTask(line, patience));
  const screen = await createScreen(process, 'never', process.env);
  screen.out(configOf(line, settings.stateDirectory));
  return 0;
}

/** A task file equivalent to the command line. @param stateDirectory empty if none is known */
export function configOf(line: CommandLine, stateDirectory: ByteString): string {
  const isGiven = stateDirectory === '' || line.given.some(({ key }) => key === 'state-dir');
  const given = isGiven
    ? line.given
    : [...line.given, { key: 'state-dir', value: stateDirectory, origin: 'default' }];
  const hooks = line.task?.hooks ?? {};
  return formatTask({ operands: operandsOf(line), given, notes: 'origins', hooks });
}

function operandsOf({ given, task, source, destination }: CommandLine): GivenOption[] {
  const { name, schedule } = task ?? {};
  const named = {
    ...(name !== undefined && { name }),
    source,
    destination,
    ...(schedule !== undefined && { schedule }),
  };
  const origin = (key: string) =>
    given.find((each) => each.key === key)?.origin ??
    (task === undefined ? 'command line' : 'name of the file');
  return Object.entries(named).map(([key, value]) => ({ key, value, origin: origin(key) }));
}
