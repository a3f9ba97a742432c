/** Source trees, and the states in which a run finds the destination. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { runCommand } from './run-command.ts';

export interface SmallFiles {
  readonly directories: number;
  readonly filesEach: number;
  readonly sizeBytes: number;
}

/** No two files alike, so that nothing can be shared or compressed away. */
export function makeSmallFiles(root: string, { directories, filesEach, sizeBytes }: SmallFiles): void {
  const content = Buffer.alloc(sizeBytes, 'efs-sync ');
  for (let directory = 0; directory < directories; directory++) {
    const path = `${root}/directory-${directory}`;
    mkdirSync(path);
    for (let file = 0; file < filesEach; file++) {
      content.writeUInt32LE(directory * filesEach + file);
      writeFileSync(`${path}/file-${file}`, content);
    }
  }
}

export function makeEmpty(_source: string, destination: string): void {
  runCommand('rm', '-rf', destination);
  mkdirSync(destination);
}

/** Copied once; runs that have nothing to do leave it as it is. */
export function makeSynced(source: string, destination: string): void {
  if (existsSync(destination)) return;
  runCommand('rsync', '-a', `${source}/`, `${destination}/`);
}
