/** The name under which `--partial` keeps what was copied of a file: the same in every run. */
import { createSha256 } from '../filesystem/sha256.ts';
import { partialName } from '../policy/temporary-name.ts';

/** @param name latin1; as long as names get, so it is hashed */
export function partialNameOf(name: string): string {
  return partialName(createSha256().update(name, 'latin1').digest('hex').slice(0, 32));
}
