/** Trees of many small files: 1,000,000 entries take about 20 seconds, in one process and file after file. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import type { Tree } from '../scenario.ts';

/** The minimum for a file: a page of content, and its name and inode. */
const PAGE_BYTES = 4096;
const INODE_BYTES = 1024;
export const FILE_BYTES = PAGE_BYTES + INODE_BYTES;

const ENTRIES_PER_DIRECTORY = 100;
const TINY_BYTES = 100;

export interface SmallFiles {
  readonly directories: number;
  readonly filesEach: number;
  readonly sizeBytes: number;
}

export function smallFiles({ directories, filesEach, sizeBytes }: SmallFiles): Tree {
  const files = directories * filesEach;
  return {
    description: `${count(files)} x ${sizeBytes / 1024} KiB in ${count(directories)} directories`,
    sizeBytes: files * (Math.max(sizeBytes, PAGE_BYTES) + INODE_BYTES),
    isManyFiles: true,
    make: (root, scale) =>
      makeDirectories(root, { directories: Math.ceil(directories * scale), filesEach, sizeBytes }),
  };
}

/** All files in the root. */
export function oneDirectory(files: number, sizeBytes: number): Tree {
  return {
    description: `${count(files)} x ${sizeBytes < 1024 ? `${sizeBytes} bytes` : `${sizeBytes / 1024} KiB`} in one directory`,
    sizeBytes: files * (Math.max(sizeBytes, PAGE_BYTES) + INODE_BYTES),
    isManyFiles: true,
    make: (root, scale) => makeFiles(root, { first: 0, files: Math.ceil(files * scale), sizeBytes }),
  };
}

/** Files of 100 bytes, 99 per directory, to measure the cost of entries alone. */
export function tinyFiles(entries: number): Tree {
  return {
    description: `${count(entries)} entries`,
    sizeBytes: entries * FILE_BYTES,
    isManyFiles: true,
    make: (root, scale) =>
      makeDirectories(root, {
        directories: Math.ceil((entries * scale) / ENTRIES_PER_DIRECTORY),
        filesEach: ENTRIES_PER_DIRECTORY - 1,
        sizeBytes: TINY_BYTES,
      }),
  };
}

function makeDirectories(root: string, { directories, filesEach, sizeBytes }: SmallFiles): void {
  for (let directory = 0; directory < directories; directory++) {
    const path = `${root}/directory-${directory}`;
    mkdirSync(path);
    makeFiles(path, { first: directory * filesEach, files: filesEach, sizeBytes });
  }
}

interface Files {
  /**
   * The number of the first file. Every file is different, so that nothing can be deduplicated or compressed.
   */
  readonly first: number;
  readonly files: number;
  readonly sizeBytes: number;
}

export function makeFiles(directory: string, { first, files, sizeBytes }: Files): void {
  const content = Buffer.alloc(sizeBytes, 'efs-sync ');
  for (let file = 0; file < files; file++) {
    content.writeUInt32LE(first + file);
    const fd = openSync(`${directory}/file-${file}`, 'wx');
    writeSync(fd, content);
    closeSync(fd);
  }
}

function count(number: number): string {
  return number.toLocaleString('en');
}
