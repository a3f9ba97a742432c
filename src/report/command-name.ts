/** What to type for this command, in hints: as it was started. */
import { basename, relative } from 'node:path';

const INSTALLED = 'efs-sync';
/** The program's file: installed, a link to it has another name. */
const CHECKED_OUT = 'efs-sync.js';

/** npm tells the programs that it starts by these variables: npm-exec(1). */
export function commandNameIn(
  environment: Readonly<Record<string, string | undefined>>,
  program: string,
  here: string,
): string {
  const { npm_command: npmCommand, npm_lifecycle_script: script = '' } = environment;
  if (npmCommand === 'exec' && /^["']?efs-sync\b/.test(script)) return 'npx efs-sync';
  if (basename(program) !== CHECKED_OUT) return INSTALLED;
  const below = relative(here, program);
  return shellWord(below.startsWith('..') ? program : `./${below}`);
}

/** For a command line to copy: quoted where a shell would change it. Still latin1, as operands are. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./~\x80-\xff-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export function commandName(): string {
  return commandNameIn(process.env, process.argv[1] ?? INSTALLED, process.cwd());
}

/** The manual is there where the command is installed. */
export function helpHint(): string {
  const name = commandName();
  return `Try '${name} --help'${name === 'efs-sync' ? " or 'man efs-sync'" : ''}.`;
}
