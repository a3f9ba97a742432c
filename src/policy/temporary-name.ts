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

/** Never extraneous, nothing that Verifying compares, and gone once no run may go on from it. */
export function isOwnName(name: string): boolean {
  return name.startsWith('.efs-sync-') && (TEMPORARY_NAME.test(name) || PARTIAL_NAME.test(name));
}

/** The same of a directory: a partial file is none, whoever made a directory of its name. */
export function isOwnDirectoryName(name: string): boolean {
  return name.startsWith('.efs-sync-') && TEMPORARY_NAME.test(name);
}
