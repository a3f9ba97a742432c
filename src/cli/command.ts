/** The program as commander knows it: commands, operands and the options of option-table.ts. */
import { Command, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import { OPTION_GROUPS, type OptionDeclaration } from './option-table.ts';
import type { FilterArgument, GivenOption } from './options.ts';
import { NO_VALUE } from './option-values.ts';
import { packageVersion } from './version.ts';

const FOOTER = `
A trailing slash changes nothing: the contents of SOURCE become the contents of DESTINATION.
A source named as a command is written with its directory: ./verify, ./run, ./init, ./preflight, ./status.
What has no value is taken back by --no-NAME: --no-delete over a task file that deletes, -a --no-owner.
Manual, with exit statuses, filter rules and JSON events: man efs-sync`;

/** As the manual has them: `--max-size=SIZE`. */
export function flagsText(flags: string): string {
  return flags.replace(/ <(.*)>$/, '=$1').replace(/ \[(.*)\]$/, '[=$1]');
}

export interface Program {
  readonly program: Command;
  readonly verify: Command;
  readonly preflight: Command;
  readonly run: Command;
  readonly init: Command;
  readonly status: Command;
  /** Filled while arguments are parsed. */
  readonly filters: FilterArgument[];
  readonly given: GivenOption[];
}

/**
 * @param args of which it will be asked. PERF: the `--no-` forms are as many options again, 2 ms of a start that has
 * no use for them mostly.
 */
export function createProgram(args: readonly string[] = []): Program {
  const filters: FilterArgument[] = [];
  const program = new Command('efs-sync')
    .description('Make the contents of <source> the contents of <destination>, and verify that they are.')
    .argument('<source>')
    .argument('<destination>')
    .version(`efs-sync ${packageVersion()}`, '-V, --version', 'show the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .configureHelp({
      optionTerm: ({ flags }) => flagsText(flags),
      optionDescription: ({ description }) => description,
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
  const verify = addPairCommand(
    program,
    'verify',
    'Compare the two as --verify=full does, and write nothing.',
  );
  const preflight = addPairCommand(
    program,
    'preflight',
    'Check mounts, servers and permissions: what a sync would meet.',
  );
  const run = program
    .command('run')
    .description('Run the tasks of these files; options given here override them.')
    .argument('<task.yaml...>')
    .helpOption('--help', 'show this help');
  const init = program
    .command('init')
    .description('Write a task file of the options given, with all others commented.')
    .argument('<task.yaml>')
    .argument('<source>')
    .argument('<destination>')
    .helpOption('--help', 'show this help');
  const status = program
    .command('status')
    .description('Show how tasks are doing: running and past runs, and how long the next will take.')
    .argument('[task...]')
    .helpOption('--help', 'show this help');
  return { verify, preflight, run, init, status };
}

function addPairCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<source>')
    .argument('<destination>')
    .helpOption('--help', 'show this help');
}

/** What is wrong with a value, with whose it is and the value itself. */
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

/** Notes each use. */
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
    // All uses together are in `filters`; the option by itself has no value.
    option.argParser(
      (value: string) => void filters.push({ option: name as FilterArgument['option'], value }),
    );
  } else if (declaration.parse) {
    option.argParser(declaration.parse);
  }
  return option;
}
