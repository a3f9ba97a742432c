/** Trees of a few large files without holes. */
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Tree } from '../scenario.ts';

const BLOCK_BYTES = 1024 * 1024;

export interface LargeFiles {
  readonly description: string;
  readonly files: number;
  readonly sizeBytes: number;
}

/** Another scale changes the size of the files, not their number. */
export function largeFiles({ description, files, sizeBytes }: LargeFiles): Tree {
  return {
    description,
    sizeBytes: files * sizeBytes,
    isManyFiles: false,
    make: (root, scale) => {
      for (let file = 0; file < files; file++)
        writeLarge(`${root}/file-${file}`, Math.ceil(sizeBytes * scale));
    },
  };
}

/** Every block is different, so that nothing can be deduplicated or compressed. */
function writeLarge(path: string, sizeBytes: number): void {
  const block = randomFillSync(Buffer.alloc(BLOCK_BYTES));
  const fd = openSync(path, 'wx');
  for (let offset = 0; offset < sizeBytes; offset += BLOCK_BYTES) {
    block.writeDoubleLE(offset);
    writeSync(fd, block, 0, Math.min(BLOCK_BYTES, sizeBytes - offset));
  }
  closeSync(fd);
}
