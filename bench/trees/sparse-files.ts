/** Four files of 100 GiB of holes with a little data in each, and the check that a copy of them is as sparse. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { guardMetadata } from '../guards.ts';
import type { Contender, Places, Tree } from '../scenario.ts';

const FILES = 4;
const HOLES_BYTES = 100 * 2 ** 30;
const EXTENTS = 16;
const EXTENT_BYTES = 64 * 1024;

export const SPARSE_FILES: Tree = {
  description: '4 sparse files with 100 GiB of holes each',
  sizeBytes: FILES * EXTENTS * EXTENT_BYTES,
  isManyFiles: false,
  make: (root, scale) => {
    for (let file = 0; file < FILES; file++) makeSparse(`${root}/file-${file}`, HOLES_BYTES * scale);
  },
};

/** Every extent lies between two holes. */
function makeSparse(path: string, holesBytes: number): void {
  const holeBytes = Math.ceil(holesBytes / (EXTENTS + 1) / EXTENT_BYTES) * EXTENT_BYTES;
  const fd = openSync(path, 'wx');
  ftruncateSync(fd, EXTENTS * EXTENT_BYTES + (EXTENTS + 1) * holeBytes);
  for (let extent = 0; extent < EXTENTS; extent++) {
    const content = Buffer.alloc(EXTENT_BYTES, `${path}, extent ${extent} `);
    writeSync(fd, content, 0, EXTENT_BYTES, holeBytes + extent * (holeBytes + EXTENT_BYTES));
  }
  closeSync(fd);
}

/** If the data is in place and takes no more blocks than it needs, the rest must be holes. */
export function guardSparse(contender: Contender, places: Places): void {
  guardMetadata(contender, places);
  for (let file = 0; file < FILES; file++) {
    const source = openSync(`${places.source}/file-${file}`, 'r');
    const destination = openSync(`${places.destination}/file-${file}`, 'r');
    const same = isSameData(source, destination) && blocks(destination) <= blocks(source);
    closeSync(source);
    closeSync(destination);
    if (!same) throw new Error(`${contender.name} did not keep the data or the holes of file-${file}`);
  }
}

function isSameData(source: number, destination: number): boolean {
  const { size } = fstatSync(source);
  const holeBytes = (size - EXTENTS * EXTENT_BYTES) / (EXTENTS + 1);
  const offsets = Array.from(
    { length: EXTENTS },
    (_, extent) => holeBytes + extent * (holeBytes + EXTENT_BYTES),
  );
  return offsets.every((offset) => readExtent(source, offset).equals(readExtent(destination, offset)));
}

function readExtent(fd: number, offset: number): Buffer {
  const content = Buffer.alloc(EXTENT_BYTES);
  readSync(fd, content, 0, EXTENT_BYTES, offset);
  return content;
}

function blocks(fd: number): number {
  return fstatSync(fd).blocks;
}
