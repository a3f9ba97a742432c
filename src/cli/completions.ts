/** Completions for shells, from the same declarations as the help and the parser. */
import { createProgram } from './options/command.ts';
import type { OptionDeclaration } from './options/table/option-declaration.ts';
import { OPTIONS } from './options/table/option-table.ts';

/** bash(1), Programmable Completion. */
export function bashCompletion(): string {
  const options = completedOptions();
  const commands = completedCommands().map(({ name }) => name);
  return `# Completion of efs-sync for bash. Made of the program's own declarations.
_efs_sync() {
  local current=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD - 1]}
  # "--name=value" comes as three words, or two while the value is empty.
  if [[ $current == = ]]; then current=
  elif [[ $option == = ]]; then option=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  case $option in
${options.flatMap(bashCase).join('\n')}
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '${options.map(bashWord).join(' ')}' -- "$current")
    [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace
    return
  fi
  if [[ $COMP_CWORD == 1 ]]; then mapfile -t COMPREPLY < <(compgen -W '${commands.join(' ')}' -- "$current"); fi
  compopt -o filenames
  if [[ " \${COMP_WORDS[*]} " =~ ' run '|' why ' ]]; then
    mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
  else
    mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$current")
  fi
}
complete -F _efs_sync efs-sync
`;
}

function bashWord({ letter, name, value }: CompletedOption): string {
  if (name === undefined) return `-${letter}`;
  return `--${name}${value === undefined ? '' : '='}`;
}

function bashCase({ name, value }: CompletedOption): string[] {
  if (name === undefined || value === undefined) return [];
  return [`    --${name}) ${bashAction(value)} ;;`];
}

function bashAction(value: CompletedValue): string {
  if (value === 'text') return 'return';
  const generator = typeof value === 'string' ? BASH_GENERATORS[value] : `-W '${value.join(' ')}'`;
  const isPath = typeof value === 'string';
  return `${isPath ? 'compopt -o filenames; ' : ''}mapfile -t COMPREPLY < <(compgen ${generator} -- "$current"); return`;
}

const BASH_GENERATORS = { file: '-f', directory: '-d' } as const;

/** zshcompsys(1), _arguments. */
export function zshCompletion(): string {
  const commands = completedCommands().map(({ name, description }) => quotedForZsh(`${name}:${description}`));
  return `#compdef efs-sync
# Completion of efs-sync for zsh. Made of the program's own declarations.
_efs_sync() {
  local -a commands=(
    ${commands.join('\n    ')}
  )
  _arguments -s -S \\
    ${completedOptions().map(zshSpec).join(' \\\n    ')} \\
    '1: :_efs_sync_first' \\
    '*: :_files'
}

_efs_sync_first() {
  _alternative 'commands:command:_efs_sync_commands' 'directories:source:_files -/'
}

_efs_sync_commands() {
  _describe command commands
}

_efs_sync "$@"
`;
}

function zshSpec({ letter, name, description, value }: CompletedOption): string {
  const explanation = `[${description.replaceAll(/[[\]]/g, String.raw`\$&`)}]`;
  const action = value === undefined ? '' : `:${zshAction(value)}`;
  const long = name === undefined ? undefined : `--${name}${value === undefined ? '' : '='}`;
  const short = letter === undefined ? undefined : `-${letter}`;
  if (long !== undefined && short !== undefined) {
    return `'(${short} --${name})'{${short},${long}}${quotedForZsh(explanation + action)}`;
  }
  return quotedForZsh(`${long ?? short}${explanation}${action}`);
}

function zshAction(value: CompletedValue): string {
  if (value === 'file') return 'file:_files';
  if (value === 'directory') return 'directory:_files -/';
  return value === 'text' ? 'value: ' : `value:(${value.join(' ')})`;
}

function quotedForZsh(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** complete(1). */
export function fishCompletion(): string {
  const commands = completedCommands().map(
    ({ name, description }) =>
      `complete -c efs-sync -n __fish_is_first_arg -a ${name} -d ${quotedForFish(description)}`,
  );
  const options = completedOptions().map((option) => `complete -c efs-sync ${fishArguments(option)}`);
  return `# Completion of efs-sync for fish. Made of the program's own declarations.\n${[...commands, ...options].join('\n')}\n`;
}

function fishArguments({ letter, name, description, value }: CompletedOption): string {
  return [
    letter === undefined ? '' : `-s ${letter}`,
    name === undefined ? '' : `-l ${name}`,
    `-d ${quotedForFish(description)}`,
    value === undefined ? '' : fishValue(value),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function fishValue(value: CompletedValue): string {
  if (value === 'file') return '-r -F';
  if (value === 'directory') return `-x -a '(__fish_complete_directories)'`;
  return value === 'text' ? '-x' : `-x -a ${quotedForFish(value.join(' '))}`;
}

function quotedForFish(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}

interface CompletedOption {
  /** Without dashes. */
  readonly letter: string | undefined;
  readonly name: string | undefined;
  readonly description: string;
  /** Undefined if it takes no value. */
  readonly value: CompletedValue | undefined;
}

/** Words to choose from, a file, a directory, or free text. */
type CompletedValue = readonly string[] | 'file' | 'directory' | 'text';

interface CompletedCommand {
  readonly name: string;
  readonly description: string;
}

function completedOptions(): readonly CompletedOption[] {
  const own = [
    { letter: 'V', name: 'version', description: 'show the version', value: undefined },
    { letter: undefined, name: 'help', description: 'show a summary of the options', value: undefined },
  ];
  return [...OPTIONS.map(completed), ...own];
}

function completedCommands(): readonly CompletedCommand[] {
  return createProgram().program.commands.map((command) => ({
    name: command.name(),
    description: command.description().replace(/\.$/, ''),
  }));
}

/** `-n, --dry-run`, `--report <FILE>`, `-D` */
function completed({ flags, description, choices }: OptionDeclaration): CompletedOption {
  return {
    letter: /^-([^-])/.exec(flags)?.[1],
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
