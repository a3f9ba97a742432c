/** What to type for this command, in hints: as it was started. */

/** npm tells the programs that it starts by these variables: npm-exec(1). */
export function commandNameIn({
  npm_command: npmCommand,
  npm_lifecycle_script: script = '',
}: Readonly<Record<string, string | undefined>>): 'efs-sync' | 'npx efs-sync' {
  return npmCommand === 'exec' && /^["']?efs-sync\b/.test(script) ? 'npx efs-sync' : 'efs-sync';
}

export function commandName(): string {
  return commandNameIn(process.env);
}

/** The manual is there where the command is installed. */
export function helpHint(): string {
  const name = commandName();
  return `Try '${name} --help'${name === 'efs-sync' ? " or 'man efs-sync'" : ''}.`;
}
