/**
 * Names of files being written: recognisable among the user's files, so that leftovers of a killed run can be
 * removed.
 */
import type { ByteString } from '../../model/byte-string.ts';

const TEMPORARY_NAME = /^\.efs-sync-[0-9a-f]{32}\.tmp$/;
const PARTIAL_NAME = /^\.efs-sync-[0-9a-f]{32}\.part$/;

/** @param token 32 hexadecimal digits that nobody can guess */
export function temporaryName(token: string): ByteString {
  return `.efs-sync-${token}.tmp`;
}

/**
 * `--partial`: the file from which the next run continues. @param token 32 hexadecimal digits made from the
 * file's name
 */
export function partialName(token: string): ByteString {
  return `.efs-sync-${token}.part`;
}

/** Such a file is never extraneous, Verifying ignores it, and it is removed once no run may continue it. */
export function isOwnName(name: ByteString): boolean {
  return name.startsWith('.efs-sync-') && (TEMPORARY_NAME.test(name) || PARTIAL_NAME.test(name));
}

/** The same for directories. A partial file is never a directory, even if somebody made one of that name. */
export function isOwnDirectoryName(name: ByteString): boolean {
  return name.startsWith('.efs-sync-') && TEMPORARY_NAME.test(name);
}
