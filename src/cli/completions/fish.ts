/** The completion of fish: complete(1). */
import { completedCommands, completedOptions, type CompletedOption, type CompletedValue } from './words.ts';

export function fishCompletion(): string {
  const commands = completedCommands().map(
    ({ name, description }) =>
      `complete -c efs-sync -n __fish_is_first_arg -a ${name} -d ${quoted(description)}`,
  );
  const options = completedOptions().map((option) => `complete -c efs-sync ${argumentsOf(option)}`);
  return `# Completion of efs-sync for fish. Made of the program's own declarations.\n${[...commands, ...options].join('\n')}\n`;
}

function argumentsOf({ letter, name, description, value }: CompletedOption): string {
  return [
    letter === undefined ? '' : `-s ${letter}`,
    name === undefined ? '' : `-l ${name}`,
    `-d ${quoted(description)}`,
    value === undefined ? '' : valueOf(value),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function valueOf(value: CompletedValue): string {
  if (value === 'file') return '-r -F';
  if (value === 'directory') return `-x -a '(__fish_complete_directories)'`;
  return value === 'text' ? '-x' : `-x -a ${quoted(value.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}
