/** A bound call, and how names reach it. */

export type Argument = string | number | bigint | Uint8Array | null | undefined;

/** As many parameters as the longest call has. Gives a result or -errno. */
export type Call = (
  a: Argument,
  b?: Argument,
  c?: Argument,
  d?: Argument,
  e?: Argument,
  f?: Argument,
) => number | Promise<number>;

/** latin1 is one byte a character: exactly the bytes of the name. */
export function encodeName(name: string): Buffer {
  return Buffer.from(`${name}\0`, 'latin1');
}
