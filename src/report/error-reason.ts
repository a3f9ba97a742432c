/** Why a call of Node's failed, in the words of strerror(3) and without the path. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node writes "ENOENT: no such file or directory, open '/x'".
  const reason = /^[A-Z0-9]+: (.*?)(?:, \w+(?: '.*')?)?$/s.exec(error.message)?.[1] ?? error.message;
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}
