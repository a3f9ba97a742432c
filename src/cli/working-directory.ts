/** Handles a deleted working directory: no worker of Node's starts there, and relative names lead nowhere. */
import { LocationError } from '../model/run/errors.ts';
import { displayName } from '../model/display-name.ts';
import type { AnyCommandLine, CommandLine, GivenOption } from './options/options.ts';
import { STANDARD_STREAM } from './options/table/option-declaration.ts';
import { PATH_OPTIONS } from './options/table/option-table.ts';

let isDeleted = false;

/**
 * Changes to `/`, where workers can start; `guardNames` refuses relative names, which would mean something
 * else there.
 */
export function leaveDeletedDirectory(): void {
  try {
    process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    process.chdir('/');
    isDeleted = true;
  }
}

/** @throws LocationError for a relative name, if the working directory is gone */
export function guardNames(line: AnyCommandLine): void {
  if (line.command === 'run') guard([...line.files, ...filesIn(line.given)]);
  else if (line.command === 'init') guard([line.file]);
  else if (line.command === 'why') guard(filesIn(line.given));
  else if (line.command !== 'status') guardTask(line);
}

/** As `guardNames`, for the paths in a task file. @throws LocationError */
export function guardTask({
  source,
  destination,
  given,
}: Pick<CommandLine, 'source' | 'destination' | 'given'>): void {
  guard([source, destination, ...filesIn(given)]);
}

function filesIn(given: readonly GivenOption[]): string[] {
  return given.flatMap(({ key, value }) =>
    PATH_OPTIONS.has(key) && typeof value === 'string' ? [value] : [],
  );
}

function guard(names: readonly string[]): void {
  if (!isDeleted) return;
  const relative = names.find((name) => !name.startsWith('/') && name !== STANDARD_STREAM);
  if (relative === undefined) return;
  throw new LocationError(
    `cannot use ${displayName(relative)}: the working directory has been deleted; use an absolute path`,
  );
}
