/** A working directory that has been deleted: no worker of Node's starts there, and no relative name leads anywhere. */
import { LocationError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import { OPTION_GROUPS } from './option-table.ts';
import type { AnyCommandLine, CommandLine, GivenOption } from './options.ts';
import { keyOf } from './task-file/keys.ts';

const STANDARD_STREAM = '-';

let isDeleted = false;

/** Goes to `/`, where workers start; `guardNames` keeps relative names from meaning something there. */
export function leaveDeletedDirectory(): void {
  try {
    process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    process.chdir('/');
    isDeleted = true;
  }
}

/** @throws LocationError for a relative one, where there is nothing that it is relative to */
export function guardNames(line: AnyCommandLine): void {
  if (line.command === 'run') guard([...line.files, ...filesIn(line.given)]);
  else if (line.command === 'init') guard([line.file]);
  else if (line.command !== 'status') guardTask(line);
}

/** @throws LocationError likewise, of what a task file says */
export function guardTask({
  source,
  destination,
  given,
}: Pick<CommandLine, 'source' | 'destination' | 'given'>): void {
  guard([source, destination, ...filesIn(given)]);
}

function filesIn(given: readonly GivenOption[]): string[] {
  const keys = new Set(
    OPTION_GROUPS.flatMap(({ options }) => options)
      .filter(({ flags }) => /<(FILE|DIR)>/.test(flags))
      .map(keyOf),
  );
  return given.flatMap(({ key, value }) => (keys.has(key) && typeof value === 'string' ? [value] : []));
}

function guard(names: readonly string[]): void {
  if (!isDeleted) return;
  const relative = names.find((name) => !name.startsWith('/') && name !== STANDARD_STREAM);
  if (relative === undefined) return;
  throw new LocationError(
    `cannot use ${displayName(relative)}: the working directory has been deleted; write the whole name, from /`,
  );
}
