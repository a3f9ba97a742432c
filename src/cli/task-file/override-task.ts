/** A task as its file has it, with what the command line says over it. */
import type { CommandLine, GivenOption, RunCommandLine } from '../options.ts';
import { FILTER_OPTIONS } from './keys.ts';
import type { TaskFile } from './read-task.ts';

/** Filter rules of the command line come first, so that theirs is the first match. */
export function overrideTask(taskFile: TaskFile, line: RunCommandLine): CommandLine {
  const { source, destination, name, file, schedule, hooks } = taskFile;
  return {
    command: 'sync',
    source,
    destination,
    options: { ...taskFile.options, ...line.options },
    filters: [...line.filters, ...taskFile.filters],
    given: [
      ...line.given,
      ...taskFile.given.filter((option) => isFilter(option) || !isIn(line.given, option)),
    ],
    task: { name, file, schedule, hooks },
  };
}

function isFilter({ key }: GivenOption): boolean {
  return (FILTER_OPTIONS as readonly string[]).includes(key);
}

function isIn(given: readonly GivenOption[], { key }: GivenOption): boolean {
  return given.some((option) => option.key === key);
}
