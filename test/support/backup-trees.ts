/** Trees with something to replace and something to delete. */
import { writeTree } from './oracle.ts';
import type { Trees } from './scenario.ts';
import { dir, file } from './tree.ts';

/** @param round what it writes at another time differs */
export async function writeReplaced(trees: Trees, round = ''): Promise<void> {
  await writeTree(trees.source, { a: file(`new${round}`), sub: dir({ f: file(`new${round}`) }) });
  await writeTree(trees.destination, { [`extra${round}`]: file('extra'), gone: dir({ f: file('gone') }) });
}
