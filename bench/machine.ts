/** The machine a result was measured on. */
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { isInstalled, runCommand } from './run-command.ts';

/** The option that prints each program's version. */
const PROGRAMS = { rsync: '--version', cp: '--version', tar: '--version', fpart: '-V', rclone: 'version' };

export type Machine = Readonly<Record<string, string>>;

export function describeMachine(): Machine {
  return {
    processor: `${availableParallelism()} x ${cpus()[0]?.model ?? process.arch}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    node: process.version,
    ...Object.fromEntries(
      Object.entries(PROGRAMS)
        .filter(([name]) => isInstalled(name))
        .map(versionOf),
    ),
  };
}

function versionOf([program, option]: readonly [string, string]): [string, string] {
  // fpart prints it on standard error.
  const firstLine = runCommand('sh', '-c', '"$@" 2>&1', 'sh', program, option).split('\n', 1)[0] ?? '';
  return [program, /\d+(\.\d+)+/.exec(firstLine)?.[0] ?? firstLine];
}
