/** `--print-config`: what a run would use, as a task file, each value with where it comes from. */
import { createScreen } from '../screen.ts';
import { resolveTask } from '../execute.ts';
import type { CommandLine, GivenOption } from '../options.ts';
import { patiently } from '../patience.ts';
import { formatTask } from './format-task.ts';

/** @throws UsageError where the run itself would be refused, or a value is no text */
export async function printConfig(line: CommandLine): Promise<number> {
  const { settings } = await patiently(line.options.timeout, (patience) => resolveTask(line, patience));
  const screen = await createScreen(process, 'never', process.env);
  screen.out(configOf(line, settings.stateDirectory));
  return 0;
}

/** A task file that means what the command line does. @param stateDirectory empty: none is known */
export function configOf(line: CommandLine, stateDirectory: string): string {
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
