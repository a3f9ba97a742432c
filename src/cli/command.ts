/** The program as commander knows it: commands, operands and the options of option-table.ts. */
import { Command, Option } from 'commander';
import { OPTION_GROUPS, type OptionDeclaration } from './option-table.ts';
import type { FilterArgument } from './options.ts';
import { packageVersion } from './version.ts';

const FOOTER = `
A trailing slash changes nothing: the contents of SOURCE become the contents of DESTINATION.
A source named verify, run or preflight is written ./verify, ./run, ./preflight.
Manual, with exit statuses, filter rules and JSON events: man efs-sync`;

export interface Program {
  readonly program: Command;
  readonly verify: Command;
  /** Filled while arguments are parsed. */
  readonly filters: FilterArgument[];
}

export function createProgram(): Program {
  const filters: FilterArgument[] = [];
  const program = new Command('efs-sync')
    .description('Make the contents of <source> the contents of <destination>, and verify that they are.')
    .argument('<source>')
    .argument('<destination>')
    .version(`efs-sync ${packageVersion()}`, '-V, --version', 'show the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .configureHelp({
      optionTerm: ({ flags }) => flags.replace(/ <(.*)>$/, '=$1'),
      optionDescription: ({ description }) => description,
      showGlobalOptions: true,
    })
    .addHelpText('after', FOOTER);
  for (const { heading, options } of OPTION_GROUPS) {
    for (const declaration of options) program.addOption(toOption(declaration, filters).helpGroup(heading));
  }
  const verify = program
    .command('verify')
    .description('Compare the two as --verify=full does, and write nothing.')
    .argument('<source>')
    .argument('<destination>')
    .helpOption('--help', 'show this help');
  return { program, verify, filters };
}

function toOption(declaration: OptionDeclaration, filters: FilterArgument[]): Option {
  const option = new Option(declaration.flags, declaration.description);
  if (declaration.choices) option.choices(declaration.choices);
  const name = option.name();
  if (declaration.isFilter) {
    option.argParser((value: string) => filters.push({ option: name as FilterArgument['option'], value }));
  } else if (declaration.parse) {
    option.argParser(declaration.parse);
  }
  return option;
}
