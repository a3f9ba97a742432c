/** Arguments -> what was asked for, or a UsageError that says what is wrong with them. */
import { CommanderError } from 'commander';
import { UsageError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import { withEveryValue } from './bare-options.ts';
import { createProgram, type Program } from './command.ts';
import type { AnyCommandLine, Options } from './options.ts';

/** `args` are latin1; what `--help` and `--version` print goes to `print`, and then there is nothing to run. */
export function parseCommandLine(
  args: readonly string[],
  print: (text: string) => void,
): AnyCommandLine | undefined {
  const parser = createProgram(args);
  const { program, verify, preflight, run, init, status } = parser;
  let called: string | undefined;
  for (const each of [program, verify, preflight, run, init, status]) {
    each.action(() => void (called = each.name()));
    each.exitOverride().configureOutput({ writeOut: print, writeErr: () => undefined });
  }
  try {
    // rsync's -h is help only on its own.
    const isHelp = args.length === 1 && args[0] === '-h';
    program.parse(isHelp ? ['--help'] : withEveryValue(args, program.options), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error);
  }
  return commandLineOf(parser, called);
}

function commandLineOf(parser: Program, called: string | undefined): AnyCommandLine {
  const { program, verify, preflight, run, init, status, filters, given } = parser;
  const options = program.opts<Options>();
  if (called === status.name()) return { command: 'status', operands: status.args, options };
  if (run.args.length > 0) return { command: 'run', files: run.args, options, filters, given };
  const [file, ...operands] = init.args;
  if (file !== undefined) return { command: 'init', file, ...rootsOf(operands), given };
  const named = [verify, preflight].find(({ args }) => args.length > 0);
  const command = named === undefined ? 'sync' : (named.name() as 'verify' | 'preflight');
  const roots = rootsOf((named ?? program).args);
  return { command, ...roots, options, filters, given };
}

function rootsOf([source, destination]: readonly string[]): { source: string; destination: string } {
  if (source === undefined || destination === undefined) {
    throw new Error('commander accepted a command line without operands');
  }
  if (source === '' || destination === '') {
    throw new UsageError(`the ${source === '' ? 'source' : 'destination'} is empty: is a variable not set?`);
  }
  return { source, destination };
}

function usageError(error: CommanderError): UsageError {
  // Commander quotes arguments as they are, writes a flag as it was declared, and its suggestion on a line of its own.
  const message = error.message
    .replace(/^error: /, '')
    .replace(/^option '(.*?) <(.*?)>'/, "option '$1=$2'")
    .replace(/\n\(Did you mean (.*)\?\)$/, ' (did you mean $1?)');
  return new UsageError(displayName(message), { cause: error });
}
