/** Sets of bytes: what one character of a path may be, at one place of a pattern. */

/** 256 numbers, 1 where the byte belongs to the set. */
export type ByteSet = Readonly<Uint8Array>;

const SLASH = '/'.charCodeAt(0);

export function byteSetWhere(includes: (byte: number) => boolean): ByteSet {
  return Uint8Array.from({ length: 256 }, (_, byte) => (includes(byte) ? 1 : 0));
}

export const NOT_SLASH = byteSetWhere((byte) => byte !== SLASH);

const literalSets: ByteSet[] = [];

/** Most steps of most patterns are literal bytes, so their sets are shared. Undefined where it is no byte. */
export function literalSet(literal: number): ByteSet | undefined {
  if (!(literal < 256)) return undefined;
  return (literalSets[literal] ??= byteSetWhere((byte) => byte === literal));
}
