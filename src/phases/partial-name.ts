/** The name under which `--partial` keeps the copied part of a file: the same in every run. */
import type { ByteString } from '../model/byte-string.ts';
import { createSha256 } from '../filesystem/compare/content-digest.ts';
import { partialName } from '../policy/names/temporary-name.ts';

/** Hashed, as `name` may already have the maximum length. @param name latin1 */
export function partialNameOf(name: ByteString): ByteString {
  return partialName(createSha256().update(name, 'latin1').digest('hex').slice(0, 32));
}
