/** How many files there are of which size. Every isolate counts in shared memory, as in `Counters`. */
import { Counters } from '../flow/counters.ts';
import type { SizeClass } from '../model/run-statistics.ts';

/** Each the largest size of its class. */
const LARGEST_BYTES = [0, ...[1, 10, 100].flatMap((kib) => [kib * 2 ** 10, kib * 2 ** 20, kib * 2 ** 30])]
  .toSorted((one, other) => one - other)
  .concat(Infinity);

const CLASSES = LARGEST_BYTES.map((largestBytes) => ({
  largestBytes,
  files: `files ${largestBytes}`,
  bytes: `bytes ${largestBytes}`,
}));

interface Layout {
  readonly rows: number;
  readonly row: number;
  readonly shared?: SharedArrayBuffer;
}

export class FileSizes {
  readonly #counters: Counters<string>;

  constructor(layout: Layout) {
    this.#counters = new Counters(
      CLASSES.flatMap(({ files, bytes }) => [files, bytes]),
      layout,
    );
  }

  get shared(): SharedArrayBuffer {
    return this.#counters.shared;
  }

  add(sizeBytes: number): void {
    let index = 0;
    while (sizeBytes > (LARGEST_BYTES[index] as number)) index++;
    const { files, bytes } = CLASSES[index] as (typeof CLASSES)[number];
    this.#counters.add(files, 1);
    this.#counters.add(bytes, sizeBytes);
  }

  /** Those that have files. */
  classes(): SizeClass[] {
    const totals = this.#counters.totals();
    return CLASSES.map(({ largestBytes, files, bytes }): SizeClass => {
      const [ofFiles, ofBytes] = [totals[files] ?? 0, totals[bytes] ?? 0];
      if (largestBytes === Infinity) return { files: ofFiles, bytes: ofBytes };
      return { largestBytes, files: ofFiles, bytes: ofBytes };
    }).filter(({ files }) => files > 0);
  }
}
