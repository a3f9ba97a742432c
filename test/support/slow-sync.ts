/** A sync slow enough for something to happen in its middle. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeTree } from './oracle.ts';
import type { Trees } from './scenario.ts';
import { dir, file } from './tree.ts';
import type { NamedNode } from './tree.ts';

/** At 100 KiB per second the files from `writeManyFiles` would take 22 seconds. */
export const SLOWLY: readonly string[] = ['--bwlimit=100', '--verify=none'];

/** Nothing else moves while the rate allows for the largest file, which may come first: three seconds. */
export async function writeManyFiles(trees: Trees): Promise<void> {
  const files = Array.from({ length: 200 }, (_, index): NamedNode => [`f${index}`, file('x'.repeat(10_000))]);
  await writeTree(trees.source, { d: dir(files), large: file('y'.repeat(300_000)) });
}

/** Acts once the first names appear at the destination. */
export function onceWriting(
  trees: Trees,
  act: (child: ChildProcess) => unknown,
): (child: ChildProcess) => void {
  return (child) => {
    const timer = setInterval(() => {
      if (readdirSync(trees.destination, { recursive: true }).length < 3) return;
      clearInterval(timer);
      act(child);
    }, 5);
    child.on('exit', () => {
      clearInterval(timer);
    });
  };
}
