/** The program for commander: its commands, operands and the options of the option table. */
import { Command, Option } from 'commander';
import { UsageError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { FilterArgument, GivenOption } from './options.ts';
import { flagsText, type OptionDeclaration } from './table/option-declaration.ts';
import { OPTION_GROUPS } from './table/option-table.ts';
import { NO_VALUE } from './table/option-values.ts';
import { packageVersion } from '../../report/version.ts';

const USAGE = `[options] <source> <destination>
       efs-sync verify [options] <source> <destination>
       efs-sync preflight [options] <source> <destination>
       efs-sync why [options] <path...> <source> <destination>
       efs-sync run [options] <task.yaml...>
       efs-sync init [options] <task.yaml> <source> <destination>
       efs-sync status [--json] [--state-dir=DIR] [task...]`;

/** Each line fits into 80 columns: commander wraps descriptions, but not this. */
const FOOTER = `
A trailing slash changes nothing: the contents of SOURCE become those of
DESTINATION. If the source has the name of a command, add its directory:
./verify, ./run, ./init, ./preflight, ./status, ./why.
Turn off any option without a value with --no-NAME: -a --no-owner, or
--no-delete to override a task file.
Options of rsync for which nothing needs doing, such as -z, are accepted.
For exit statuses, filter rules and JSON events, see man efs-sync.`;

export interface Program {
  readonly program: Command;
  readonly verify: Command;
  readonly preflight: Command;
  readonly why: Command;
  readonly run: Command;
  readonly init: Command;
  readonly status: Command;
  /** Filled while arguments are parsed. */
  readonly filters: FilterArgument[];
  readonly given: GivenOption[];
}

/**
 * @param args that will be parsed. PERF: the `--no-` forms double the number of options, 2 ms of a start that
 * mostly needs none.
 */
export function createProgram(args: readonly string[] = []): Program {
  const filters: FilterArgument[] = [];
  const program = new Command('efs-sync')
    .description('Sync the contents of <source> to <destination>, and verify the copy.')
    .argument('<source>')
    .argument('<destination>')
    .usage(USAGE)
    .version(`efs-sync ${packageVersion()}`, '-V, --version', 'show the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .configureHelp({
      optionTerm: ({ flags }) => flagsText(flags),
      optionDescription: ({ description }) => description,
      // Their operands would take half of the width from all descriptions.
      subcommandTerm: (command) => command.name(),
      showGlobalOptions: true,
    })
    .addHelpText('after', FOOTER);
  const given: GivenOption[] = [];
  const isTakenBack = args.some((arg) => arg.startsWith('--no-'));
  for (const { heading, options } of OPTION_GROUPS) {
    for (const declaration of options) {
      const option = toOption(declaration, filters).helpGroup(heading);
      addOption(program, option, given);
      if (isTakenBack && option.isBoolean() && option.long !== undefined) addNegation(program, option, given);
    }
  }
  return { program, ...addCommands(program), filters, given };
}

function addCommands(program: Command): Omit<Program, 'program' | 'filters' | 'given'> {
  const add = (name: string, description: string): Command =>
    program.command(name).description(description).helpOption('--help', 'show this help');
  const verify = add('verify', 'Compare both sides as --verify=full does, and write nothing.')
    .argument('<source>')
    .argument('<destination>');
  const preflight = add('preflight', 'Check mounts, servers and permissions before a sync.')
    .argument('<source>')
    // Required, but for `--for`.
    .argument('[destination]');
  const why = add('why', 'Tell what a sync would do about these paths, and why. Writes nothing.')
    .usage('[options] <path...> <source> <destination>\n       efs-sync why [options] <path...> <task.yaml>')
    .argument('<path...>');
  const run = add('run', 'Run the tasks in these files; options given here override them.').argument(
    '<task.yaml...>',
  );
  const init = add('init', 'Write a task file with the given options, and all others commented out.')
    .argument('<task.yaml>')
    .argument('<source>')
    .argument('<destination>');
  const status = add(
    'status',
    'Show running and past runs of tasks, and how long the next run will take.',
  ).argument('[task...]');
  return { verify, preflight, why, run, init, status };
}

/** Adds the option and the value to the error about a wrong value. */
function nameInErrors(option: Option): void {
  const parse = option.parseArg;
  if (parse === undefined) return;
  option.argParser((text: string, previous: unknown) => {
    try {
      return parse(text, previous);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const named = `option '${flagsText(option.flags)}' argument '${displayName(text)}' is invalid`;
      throw new UsageError(`${named}: ${error.message}`, { cause: error });
    }
  });
}

/** Records each use. */
function addOption(program: Command, option: Option, given: GivenOption[]): void {
  const key = option.name();
  nameInErrors(option);
  program.addOption(option);
  program.on(`option:${key}`, (text: string | null) => {
    const value = text === NO_VALUE ? true : (text ?? true);
    given.push({ key, value, origin: 'command line' });
  });
}

function addNegation(program: Command, option: Option, given: GivenOption[]): void {
  const key = option.name();
  program.addOption(new Option(`--no-${key}`).hideHelp());
  program.on(`option:no-${key}`, () => given.push({ key, value: false, origin: 'command line' }));
}

export function toOption(declaration: OptionDeclaration, filters: FilterArgument[]): Option {
  const option = new Option(declaration.flags, declaration.description);
  if (declaration.choices) option.choices(declaration.choices);
  const name = option.name();
  if (declaration.isFilter) {
    // All uses together are in `filters`; the option itself has no value.
    option.argParser(
      (value: string) => void filters.push({ option: name as FilterArgument['option'], value }),
    );
  } else if (declaration.parse) {
    const { parse, isRepeatable } = declaration;
    option.argParser<unknown>(isRepeatable ? (text, earlier) => withEarlier(parse(text), earlier) : parse);
  }
  return option;
}

function withEarlier(value: unknown, earlier: unknown): unknown[] {
  return Array.isArray(earlier) ? [...(earlier as unknown[]), value] : [value];
}
