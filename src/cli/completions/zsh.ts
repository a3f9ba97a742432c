/** The completion of zsh: zshcompsys(1), _arguments. */
import { completedCommands, completedOptions, type CompletedOption, type CompletedValue } from './words.ts';

export function zshCompletion(): string {
  const commands = completedCommands().map(({ name, description }) => quoted(`${name}:${description}`));
  return `#compdef efs-sync
# Completion of efs-sync for zsh. Made of the program's own declarations.
_efs_sync() {
  local -a commands=(
    ${commands.join('\n    ')}
  )
  _arguments -s -S \\
    ${completedOptions().map(specOf).join(' \\\n    ')} \\
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

function specOf({ letter, name, description, value }: CompletedOption): string {
  const explanation = `[${description.replaceAll(/[[\]]/g, String.raw`\$&`)}]`;
  const action = value === undefined ? '' : `:${actionOf(value)}`;
  const long = name === undefined ? undefined : `--${name}${value === undefined ? '' : '='}`;
  const short = letter === undefined ? undefined : `-${letter}`;
  if (long !== undefined && short !== undefined) {
    return `'(${short} --${name})'{${short},${long}}${quoted(explanation + action)}`;
  }
  return quoted(`${long ?? short}${explanation}${action}`);
}

function actionOf(value: CompletedValue): string {
  if (value === 'file') return 'file:_files';
  if (value === 'directory') return 'directory:_files -/';
  return value === 'text' ? 'value: ' : `value:(${value.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
