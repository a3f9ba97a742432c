/** Trees whose sync meets every kind of change, and what must hold of a destination at any moment. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTree, writeTree } from '../support/oracle.ts';
import type { FoundEntry } from '../support/oracle.ts';
import { resetTrees } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, fifo, file, hardLink, sparse, symlink } from '../support/tree.ts';
import type { Node, Tree } from '../support/tree.ts';

const OLD = { mtimeNs: 1_600_000_000_000_000_001n };
const NEW = { mtimeNs: 1_700_000_000_123_456_789n, mode: 0o640 };
const SMALL_FILES = 12;
/** More than one block, so a kill can fall between two of them. */
const MEDIUM_BYTES = 3_000_000;
const LARGE_MIB = 66;

function smallFiles(text: string, metadata: object): [string, Node][] {
  return Array.from({ length: SMALL_FILES }, (_, index) => [`f${index}`, file(text.repeat(index), metadata)]);
}

const SOURCE: Tree = {
  new: dir({
    ...Object.fromEntries(smallFiles('new', NEW)),
    deep: dir({ medium: file('n'.repeat(MEDIUM_BYTES), NEW) }),
  }),
  both: dir([
    ...smallFiles('newer', NEW),
    ['medium', file('N'.repeat(MEDIUM_BYTES), NEW)],
    ['holes', sparse(MEDIUM_BYTES, [[1_000_000, 'data']], NEW)],
    ['adjusted', file('same', { ...OLD, mode: 0o700 })],
    ['link', symlink('new target')],
  ]),
  linked: dir({ a: file('linked', NEW), b: hardLink('linked/a'), c: hardLink('linked/a') }),
  kinds: dir({ file: file('file'), directory: dir({ in: file('in') }), link: symlink('link'), pipe: fifo() }),
};

const DESTINATION: Tree = {
  both: dir([
    ...smallFiles('old', OLD),
    ['medium', file('o'.repeat(MEDIUM_BYTES - 1), OLD)],
    ['holes', file('o'.repeat(1000), OLD)],
    ['adjusted', file('same', OLD)],
    ['link', symlink('old target')],
    ['extraneous', file('gone')],
  ]),
  linked: dir({ a: file('linked', OLD), b: file('old b', OLD), d: hardLink('linked/a') }),
  kinds: dir({ file: dir({ in: file('in') }), directory: file('file'), link: file('x'), pipe: symlink('x') }),
  extraneous: dir({ a: file('a'), below: dir({ b: file('b') }) }),
};

/** Writes the source; an update also needs an old destination. */
export async function writeTrees(trees: Trees, kind: 'full copy' | 'update'): Promise<void> {
  resetTrees(trees);
  await writeTree(trees.source, SOURCE);
  if (kind === 'update') await writeTree(trees.destination, DESTINATION);
}

/** Writes `new/large`, which is large enough to be copied in ranges. */
export function writeLargeFile({ source }: Trees): void {
  const path = join(source, 'new/large');
  execFileSync('sh', [
    '-c',
    `head -c ${LARGE_MIB}M /dev/urandom > "$1" && touch -d @1700000000.5 "$1"`,
    'sh',
    path,
  ]);
}

export type Contents = ReadonlyMap<string, Buffer>;

/** The content of each regular file. */
export async function contentsOf(root: string): Promise<Contents> {
  const files = filesIn(await readTree(root)).map((path): [string, Buffer] => [
    path,
    readFileSync(join(root, path)),
  ]);
  return new Map(files);
}

function filesIn(tree: ReadonlyMap<string, FoundEntry>): string[] {
  return [...tree].filter(([, { kind }]) => kind === 'file').map(([path]) => path);
}

export function isOwnName(path: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1).startsWith('.efs-sync-');
}

/** Files that match neither their old version nor the source. */
export async function halfFiles(trees: Trees, before: Contents): Promise<string[]> {
  const [source, destination] = [await readTree(trees.source), await readTree(trees.destination)];
  return filesIn(destination).filter((path) => {
    if (path.split('/').some(isOwnName)) return false;
    const content = readFileSync(join(trees.destination, path));
    if (before.get(path)?.equals(content) === true) return false;
    const isInSource = source.get(path)?.kind === 'file';
    return !isInSource || !readFileSync(join(trees.source, path)).equals(content);
  });
}
