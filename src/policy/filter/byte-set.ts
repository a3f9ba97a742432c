/** Sets of bytes: what one character of a path may be, at one place of a pattern. */

/** 256 numbers, 1 where the byte belongs to the set. */
export type ByteSet = Readonly<Uint8Array>;

const SLASH = '/'.charCodeAt(0);

export function byteSetWhere(includes: (byte: number) => boolean): ByteSet {
  return Uint8Array.from({ length: 256 }, (_, byte) => (includes(byte) ? 1 : 0));
}

export const NOT_SLASH = byteSetWhere((byte) => byte !== SLASH);

/** By byte. Most steps of most patterns are literal bytes, so their sets are shared. */
export const LITERAL_SETS: readonly ByteSet[] = Array.from({ length: 256 }, (_, literal) =>
  byteSetWhere((byte) => byte === literal),
);
