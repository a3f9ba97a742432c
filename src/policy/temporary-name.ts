/** Names of files being written: told from the user's own, so that leftovers of a killed run can go. */

const TEMPORARY_NAME = /^\.efs-sync-[0-9a-f]{32}\.tmp$/;

/** @param token 32 hexadecimal digits nobody can guess */
export function temporaryName(token: string): string {
  return `.efs-sync-${token}.tmp`;
}

export function isTemporaryName(name: string): boolean {
  return name.length === 46 && TEMPORARY_NAME.test(name);
}
