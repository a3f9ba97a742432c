/** Opens files of a temporary directory the way the code under test gets them. */
import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenFile } from '../../src/filesystem/root.ts';
import { callsBy, type TestedPath } from './call-paths.ts';

const { O_CREAT, O_RDWR } = constants;

export interface Scratch {
  readonly directory: string;
  path(name: string): string;
  open(name: string, style?: TestedPath): OpenFile;
  remove(): void;
}

/** Directories that are removed when the tests end: one on disk, one in memory. */
export const ON_DISK = process.env['EFS_SYNC_TEST_DISK'] ?? tmpdir();
export const IN_MEMORY = process.env['EFS_SYNC_TEST_MEMORY'] ?? ON_DISK;

/** A temporary directory, and descriptors that are closed with it. */
export function makeScratch(below = ON_DISK): Scratch {
  const directory = mkdtempSync(join(below, 'efs-sync-unit-'));
  const fds: number[] = [];
  return {
    directory,
    path: (name) => join(directory, name),
    open: (name, style = 'blocking') => {
      const fd = openSync(join(directory, name), O_RDWR | O_CREAT, 0o600);
      fds.push(fd);
      return { linux: callsBy(style), fd, path: name };
    },
    remove: () => {
      for (const fd of fds) closeSync(fd);
      rmSync(directory, { recursive: true });
    },
  };
}

export interface OpenDescriptor {
  readonly fd: number;
  /** What the kernel says of it: of a file without a name, one that ends in ` (deleted)`. */
  readonly path: string;
}

/** Those of this process that are open at the directory or below it. */
export function descriptorsBelow(directory: string): OpenDescriptor[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return isIn(path, directory) ? [{ fd: Number(fd), path }] : [];
    } catch {
      // The descriptor that listed them is closed by now.
      return [];
    }
  });
}

function isIn(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`) || path.startsWith(`${root} `);
}

/** Runs a program to its end and gives its output, one character per byte. */
export function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function runPython(script: string, ...args: readonly string[]): string {
  return run('python3', '-c', script, ...args);
}
