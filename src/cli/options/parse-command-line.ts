/** Arguments, as their exact bytes -> the request, or a UsageError that says what is wrong with them. */
import type { ByteString } from '../../model/byte-string.ts';
import { CommanderError } from 'commander';
import { LocationError, UsageError } from '../../model/run/errors.ts';
import { displayName, utf8Bytes } from '../../model/display-name.ts';
import { createProgram, type Program } from './command.ts';
import { explainExcess, explainMissing, explainOrder } from './explain-operands.ts';
import type { AnyCommandLine, Options } from './options.ts';
import { translateArguments } from './translate-arguments.ts';
import { readFileSync } from 'node:fs';
import { reasonOf } from '../../report/error-reason.ts';

/**
 * `args` are latin1. The output of `--help` and `--version` goes to `print`, and then there is nothing to
 * run.
 */
export function parseCommandLine(
  args: readonly string[],
  print: (text: string) => void,
): AnyCommandLine | undefined {
  // As in rsync, -h means help only on its own.
  const isHelp = args.length === 1 && args[0] === '-h';
  const words = isHelp ? ['--help'] : translateArguments(args);
  const parser = createProgram(words);
  const { program, verify, preflight, why, run, init, status } = parser;
  let called: string | undefined;
  for (const each of [program, verify, preflight, why, run, init, status]) {
    each.action(() => void (called = each.name()));
    each.exitOverride().configureOutput({ writeOut: print, writeErr: () => undefined, getOutHelpWidth });
  }
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error, words);
  }
  return commandLineOf(parser, called);
}

/** Narrow terminals, and those without a size, wrap by themselves. */
function getOutHelpWidth(): number {
  return Math.max(80, process.stdout.columns ?? 0);
}

function commandLineOf(parser: Program, called: string | undefined): AnyCommandLine {
  const { program, verify, preflight, why, run, init, status, filters, given } = parser;
  const options = program.opts<Options>();
  if (called === status.name()) return { command: 'status', operands: status.args, options };
  if (called === why.name()) return { command: 'why', operands: why.args, options, filters, given };
  if (run.args.length > 0) return { command: 'run', files: run.args, options, filters, given };
  const [file, ...operands] = init.args;
  const misplaced = explainOrder(init.args);
  if (misplaced !== undefined) throw new UsageError(displayName(misplaced));
  if (file !== undefined) return { command: 'init', file, ...rootsOf(operands), given };
  const named = [verify, preflight].find(({ args }) => args.length > 0);
  const command = named === undefined ? 'sync' : (named.name() as 'verify' | 'preflight');
  const roots =
    command === 'preflight' ? rootsOfPreflight(preflight.args, options) : rootsOf((named ?? program).args);
  return { command, ...roots, options, filters, given };
}

/** With `--for` there is no destination: it is empty. */
function rootsOfPreflight([source = '', destination]: readonly string[], options: Options): Roots {
  if (options.for === undefined) {
    if (destination === undefined) throw new UsageError("missing required argument 'destination'");
    return rootsOf([source, destination]);
  }
  if (options.scan !== true) throw new UsageError('--for works only with --scan');
  if (destination !== undefined) {
    throw new UsageError(`--for=${options.for} takes the place of the destination: give one of them`);
  }
  return { ...rootsOf([source, '.']), destination: '' };
}

interface Roots {
  readonly source: string;
  readonly destination: string;
}

function rootsOf([source, destination]: readonly string[]): Roots {
  if (source === undefined || destination === undefined) {
    throw new Error('commander accepted a command line without operands');
  }
  if (source === '' || destination === '') {
    throw new UsageError(`the ${source === '' ? 'source' : 'destination'} is empty: is a variable not set?`);
  }
  return { source, destination };
}

const EXPLANATIONS: Readonly<Record<string, (words: readonly string[]) => string | undefined>> = {
  'commander.excessArguments': explainExcess,
  'commander.missingArgument': explainMissing,
};

function usageError(error: CommanderError, words: readonly string[]): UsageError {
  // Commander quotes arguments unescaped, and prints a flag as declared.
  const told = error.message.replace(/^error: /, '').replace(/^option '(.*?) <(.*?)>'/, "option '$1=$2'");
  const message = EXPLANATIONS[error.code]?.(words) ?? told;
  return new UsageError(displayName(message), { cause: error });
}

/**
 * Node decodes arguments as UTF-8, and loses names that are not. `args` as Node decoded them; gives latin1
 * strings, one character per byte.
 */
export function rawArguments(args: readonly string[], commandLineFile = '/proc/self/cmdline'): string[] {
  if (args.length === 0 || !args.some((arg) => arg.includes('\u{fffd}'))) return args.map(utf8Bytes);
  const words = readCommandLine(commandLineFile).split('\0').slice(0, -1);
  // The line begins with Node, its own options and the script.
  return words.slice(-args.length);
}

function readCommandLine(file: ByteString): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (cause) {
    throw new LocationError(`cannot read the raw arguments from ${file}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
