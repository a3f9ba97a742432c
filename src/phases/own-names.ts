/** Names that are made from that of a file, the same in every run. Hashed, as it may already have the maximum length. */
import type { ByteString } from '../model/byte-string.ts';
import { createSha256 } from '../filesystem/compare/content-digest.ts';
import { partialName, temporaryName } from '../policy/names/temporary-name.ts';

/** Under which `--partial` keeps the copied part of a file. @param name latin1 */
export function partialNameOf(name: ByteString): ByteString {
  return partialName(tokenOf(name));
}

/** Under which a file waits for its name with `--delay-updates`. @param name latin1 */
export function delayedNameOf(name: ByteString): ByteString {
  return temporaryName(tokenOf(name));
}

function tokenOf(name: ByteString): string {
  return createSha256().update(name, 'latin1').digest('hex').slice(0, 32);
}
