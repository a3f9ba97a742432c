/** What there is to complete, from the declarations that the help and the parser are made of. */
import { createProgram } from '../command.ts';
import { OPTION_GROUPS, type OptionDeclaration } from '../option-table.ts';

export interface CompletedOption {
  /** Without dashes. */
  readonly letter: string | undefined;
  readonly name: string | undefined;
  readonly description: string;
  /** Undefined: it takes no value. */
  readonly value: CompletedValue | undefined;
}

/** Words to choose from, a file, a directory, or what only its user knows. */
export type CompletedValue = readonly string[] | 'file' | 'directory' | 'text';

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
}

export function completedOptions(): readonly CompletedOption[] {
  const own = [
    { letter: 'V', name: 'version', description: 'show the version', value: undefined },
    { letter: undefined, name: 'help', description: 'show a summary of the options', value: undefined },
  ];
  return [...OPTION_GROUPS.flatMap(({ options }) => options.map(completed)), ...own];
}

export function completedCommands(): readonly CompletedCommand[] {
  return createProgram().program.commands.map((command) => ({
    name: command.name(),
    description: command.description().replace(/\.$/, ''),
  }));
}

/** `-n, --dry-run`, `--report <FILE>`, `-D` */
function completed({ flags, description, choices }: OptionDeclaration): CompletedOption {
  return {
    letter: /^-(\w)/.exec(flags)?.[1],
    name: /--([\w-]+)/.exec(flags)?.[1],
    description,
    value: choices ?? valueOf(/[<[](.*)[>\]]/.exec(flags)?.[1]),
  };
}

function valueOf(placeholder: string | undefined): CompletedValue | undefined {
  if (placeholder === undefined) return undefined;
  if (placeholder === 'FILE') return 'file';
  return placeholder === 'DIR' ? 'directory' : 'text';
}
