/** Inodes of two names each, far apart: the second is in another directory. */
import { linkSync, mkdirSync } from 'node:fs';
import type { Tree } from '../scenario.ts';
import { FILE_BYTES, makeFiles } from './small-files.ts';

const NAMES_PER_DIRECTORY = 100;
const TINY_BYTES = 100;

export function linkedPairs(pairs: number): Tree {
  return {
    description: `${pairs.toLocaleString('en')} files of two names each`,
    sizeBytes: pairs * FILE_BYTES,
    isManyFiles: true,
    make: (root, scale) => makePairs(root, Math.ceil((pairs * scale) / NAMES_PER_DIRECTORY)),
  };
}

function makePairs(root: string, directories: number): void {
  for (let directory = 0; directory < directories; directory++) {
    const [path, other] = [`${root}/directory-${directory}`, `${root}/other-${directory}`];
    mkdirSync(path);
    mkdirSync(other);
    const first = directory * NAMES_PER_DIRECTORY;
    makeFiles(path, { first, files: NAMES_PER_DIRECTORY, sizeBytes: TINY_BYTES });
    for (let file = 0; file < NAMES_PER_DIRECTORY; file++)
      linkSync(`${path}/file-${file}`, `${other}/file-${file}`);
  }
}
