/** The machine a result was measured on. */
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { isInstalled, runCommand } from './run-command.ts';

export function describeMachine(): Readonly<Record<string, string>> {
  return {
    processor: `${availableParallelism()} x ${cpus()[0]?.model ?? process.arch}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    node: process.version,
    ...versionOf('rsync'),
    ...versionOf('cp'),
  };
}

function versionOf(program: string): Readonly<Record<string, string>> {
  if (!isInstalled(program)) return {};
  const firstLine = runCommand(program, '--version').split('\n', 1)[0] ?? '';
  return { [program]: /\d+(\.\d+)+/.exec(firstLine)?.[0] ?? firstLine };
}
