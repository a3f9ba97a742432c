/**
 * Memory that isolates share. Each class that lives in it says how many bytes it takes, begins with zeros, and has one
 * constructor, given its part: in the isolate that makes the memory, and in those that are sent it.
 */

/** A part of shared memory: plain data that messages carry as it is. */
export type Cells = Uint8Array<SharedArrayBuffer>;

/** Of a processor's cache. */
const LINE_BYTES = 64;

export type SharedCells<Sizes> = {
  readonly [Name in keyof Sizes]: Sizes[Name] extends number ? Cells : Cells | undefined;
};

/** One block with a part of each size; where there is no size, there is no part. */
export function shareCells<Sizes extends Readonly<Record<string, number | undefined>>>(
  sizesBytes: Sizes,
): SharedCells<Sizes> {
  const sizes = Object.entries(sizesBytes);
  const memory = new SharedArrayBuffer(sizes.reduce((sum, [, size]) => sum + apartBytes(size ?? 0), 0));
  let start = 0;
  const parts = sizes.map(([name, size]) => {
    const part = size === undefined ? undefined : new Uint8Array(memory, start, size);
    start += apartBytes(size ?? 0);
    return [name, part] as const;
  });
  return Object.fromEntries(parts) as SharedCells<Sizes>;
}

/**
 * How far apart two things of that size begin, so that they share no line of the cache, wherever the memory begins: one
 * isolate's writes would take the line from another.
 */
export function apartBytes(sizeBytes: number): number {
  return sizeBytes === 0 ? 0 : (Math.ceil(sizeBytes / LINE_BYTES) + 1) * LINE_BYTES;
}
