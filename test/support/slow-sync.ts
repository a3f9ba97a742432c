/** A sync that takes long enough for something to happen in its midst. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeTree } from './oracle.ts';
import type { Trees } from './scenario.ts';
import { dir, file } from './tree.ts';
import type { NamedNode } from './tree.ts';

/** At 200 KiB a second what `writeManyFiles` makes would take 25 seconds. */
export const SLOWLY: readonly string[] = ['--bwlimit=200', '--verify=none'];

export async function writeManyFiles(trees: Trees): Promise<void> {
  const files = Array.from({ length: 200 }, (_, index): NamedNode => [`f${index}`, file('x'.repeat(10_000))]);
  await writeTree(trees.source, { d: dir(files), large: file('y'.repeat(3_000_000)) });
}

/** Acts once the first names have come to the destination. */
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
