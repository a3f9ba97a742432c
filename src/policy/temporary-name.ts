/** Names of files being written: told from the user's own, so that leftovers of a killed run can go. */

const TEMPORARY_NAME = /^\.efs-sync-[0-9a-f]{32}\.tmp$/;
const PARTIAL_NAME = /^\.efs-sync-[0-9a-f]{32}\.part$/;

/** @param token 32 hexadecimal digits nobody can guess */
export function temporaryName(token: string): string {
  return `.efs-sync-${token}.tmp`;
}

/** `--partial`: what the next run goes on from. @param token 32 hexadecimal digits made from the file's name */
export function partialName(token: string): string {
  return `.efs-sync-${token}.part`;
}

/** A name of ours that nothing needs any more, unless the next run may go on from partial files. */
export function isLeftover(name: string, keepsPartial: boolean): boolean {
  if (!name.startsWith('.efs-sync-')) return false;
  return TEMPORARY_NAME.test(name) || (!keepsPartial && PARTIAL_NAME.test(name));
}

/** Never extraneous, and nothing that Verifying compares. */
export function isOwnName(name: string): boolean {
  return isLeftover(name, false);
}
