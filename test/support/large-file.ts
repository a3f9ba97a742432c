/** A file large enough to be copied and compared in ranges. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Trees } from './scenario.ts';

export const KIB = 1024;
export const MIB = KIB * KIB;
/** The boundary between two ranges. */
export const RANGE = 32 * MIB;
export const SIZE = 3 * RANGE + 4097;

export function writeLarge(path: string, sizeBytes = SIZE): void {
  const piece = randomBytes(MIB);
  const content = Buffer.alloc(sizeBytes, piece);
  // No two blocks are alike, so that a misplaced block is found.
  for (let offset = 0; offset + 8 <= sizeBytes; offset += 4 * KIB) content.writeDoubleLE(offset, offset);
  writeFileSync(path, content);
}

export function sourceOf({ source }: Trees): string {
  return join(source, 'large');
}

export function copyOf({ destination }: Trees): string {
  return join(destination, 'large');
}

export function cmp(trees: Trees): void {
  execFileSync('cmp', [sourceOf(trees), copyOf(trees)]);
}

export function sha256Of(path: string): string {
  return execFileSync('sha256sum', [path], { encoding: 'latin1' }).slice(0, 64);
}

/** Changes the byte at `offset`, but keeps the file's times. */
export function flip(path: string, offset: number): void {
  const { atimeMs, mtimeMs } = statSync(path);
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.from([0xa5]), 0, 1, offset);
  closeSync(fd);
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000);
}

/** Two equal files with one time, which `utimes` can hold. */
export function writePair(trees: Trees, sizeBytes = SIZE): void {
  writeLarge(sourceOf(trees), sizeBytes);
  copyFileSync(sourceOf(trees), copyOf(trees));
  for (const path of [sourceOf(trees), copyOf(trees)]) utimesSync(path, 1_700_000_000, 1_700_000_000);
  utimesSync(trees.source, 1_700_000_000, 1_700_000_000);
  utimesSync(trees.destination, 1_700_000_000, 1_700_000_000);
}

/** Finds the file being written, once it takes up that much space. */
export function onceWritten(
  { destination }: Trees,
  bytes: number,
  act: (path: string, child: ChildProcess) => void,
): (child: ChildProcess) => void {
  return (child) => {
    const timer = setInterval(() => {
      const name = readdirSync(destination).find((found) => found.startsWith('.efs-sync-'));
      if (name === undefined || statSync(join(destination, name)).blocks * 512 < bytes) return;
      clearInterval(timer);
      act(join(destination, name), child);
    }, 5);
    child.on('exit', () => {
      clearInterval(timer);
    });
  };
}

/** Whether data follows a hole. */
export function hasGap(path: string): boolean {
  const script = `import os, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
hole = os.lseek(fd, 0, os.SEEK_HOLE)
try: print(os.lseek(fd, hole, os.SEEK_DATA))
except OSError: pass`;
  return execFileSync('python3', ['-c', script, path]).length > 0;
}
