/** Commands of other programs, and misspelt ones of this: what to type instead. */
import { commandName, shellWord } from '../../report/command-name.ts';
import { nearestKey } from '../../policy/names/nearest-key.ts';

const COMMANDS = ['verify', 'preflight', 'why', 'run', 'init', 'status'];

/** To the command that does the same; empty: efs-sync without a command. */
const GUESSES = new Map([
  ...['sync', 'copy', 'cp', 'mirror', 'rsync', 'migrate', 'transfer'].map((word) => [word, ''] as const),
  ...['check', 'compare', 'cmp', 'diff', 'validate'].map((word) => [word, 'verify'] as const),
  ...['scan'].map((word) => [word, 'preflight'] as const),
  ...['explain'].map((word) => [word, 'why'] as const),
  ...['history'].map((word) => [word, 'status'] as const),
]);

export function isCommand(word: string): boolean {
  return COMMANDS.includes(word);
}

/** The command line to type, if the first operand was probably meant as a command. */
export function meantCommand(first: string, others: readonly string[]): string | undefined {
  if (first === 'version') return `${commandName()} --version`;
  if (first === 'help' || first === 'usage') {
    const [command] = others;
    const about = command !== undefined && isCommand(command) ? ` ${command}` : '';
    return `${commandName()}${about} --help`;
  }
  const command =
    GUESSES.get(first) ?? (/^[a-z-]{1,12}$/.test(first) ? nearestKey(first, COMMANDS) : undefined);
  if (command === undefined) return undefined;
  return [commandName(), ...(command === '' ? [] : [command]), ...others.map(shellWord)].join(' ');
}
