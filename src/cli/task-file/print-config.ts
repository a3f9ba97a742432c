/** `--print-config`: what a run would use, as a task file, each value with where it comes from. */
import { createScreen } from '../screen.ts';
import { resolveTask } from '../execute.ts';
import type { CommandLine, GivenOption } from '../options.ts';
import { patiently } from '../patience.ts';
import { formatTask } from './format-task.ts';

/** @throws UsageError where the run itself would be refused */
export async function printConfig(line: CommandLine): Promise<number> {
  const { settings } = await patiently(line.options.timeout, (patience) => resolveTask(line, patience));
  const given = line.given.some(({ key }) => key === 'state-dir')
    ? line.given
    : [...line.given, { key: 'state-dir', value: settings.stateDirectory, origin: 'default' }];
  const screen = await createScreen(process, 'never', process.env);
  screen.out(formatTask({ operands: operandsOf(line), given, notes: 'origins' }));
  return 0;
}

function operandsOf({ given, task, source, destination }: CommandLine): GivenOption[] {
  const named = task === undefined ? { source, destination } : { name: task.name, source, destination };
  const origin = (key: string) =>
    given.find((each) => each.key === key)?.origin ??
    (task === undefined ? 'command line' : 'name of the file');
  return Object.entries(named).map(([key, value]) => ({ key, value, origin: origin(key) }));
}
