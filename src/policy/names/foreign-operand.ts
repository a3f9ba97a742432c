/** Operands that mean a place which no path leads to. */
import type { ByteString } from '../../model/byte-string.ts';

/**
 * A machine or URL, or what a shell should have expanded. Nothing of such a name is made: `./` before it says
 * that it is meant as it is.
 */
export function isForeignOperand(path: ByteString): boolean {
  return /^[^/]*:|^(~|\$\{?\w)|[*?]/.test(path) && !path.startsWith('./');
}
