/** The task that a command line or a program asks for, with all settings. Reads the environment. */
import type { Task } from '../model/task.ts';
import type { Patience } from '../flow/patience.ts';
import { splitSource } from './options/relative-source.ts';
import type { CommandLine } from './options/options.ts';
import { resolveSettings } from './options/resolve-settings.ts';

/** @throws UsageError, Interrupted, TimedOut */
export async function resolveTask(commandLine: CommandLine, patience: Patience): Promise<Task> {
  const environment = { variables: process.env, uid: process.geteuid?.() ?? 0 };
  const settings = await resolveSettings(commandLine, environment, patience);
  const { destination, task } = commandLine;
  const source = splitSource(commandLine).root;
  return Object.freeze({ source, destination, settings, ...(task && { name: task.name }) });
}
