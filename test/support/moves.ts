/** Trees that are alike until files move at the source. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeTree } from './oracle.ts';
import type { Trees } from './scenario.ts';
import type { Node } from './tree.ts';

export const TRACKING = ['--delete', '--track-renames'];
const SECOND = 1_000_000_000n;
export const TIME = { mtimeNs: 1_600_000_000n * SECOND + 123_456_789n };
export const WHOLE = { mtimeNs: 1_600_000_000n * SECOND };

/** A destination as the source is now; then the source changes. */
export async function mirrored(trees: Trees, tree: Readonly<Record<string, Node>>): Promise<void> {
  await writeTree(trees.source, tree);
  execFileSync('cp', ['-aT', trees.source, trees.destination]);
}

export function move({ source }: Trees, from: string, to: string): void {
  mkdirSync(dirname(join(source, to)), { recursive: true });
  renameSync(join(source, from), join(source, to));
}
