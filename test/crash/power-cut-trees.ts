/** Trees of which each sync makes every kind of change that a power cut may undo by halves. */
import { dir, file, hardLink, sparse, symlink, type NamedNode, type Tree } from '../support/tree.ts';

const OLD = { mtimeNs: 1_600_000_000_000_000_001n };
const NEW = { mtimeNs: 1_700_000_000_123_456_789n };
const SMALL_FILES = 40;
const DIRECTORIES = 5;
const SMALL_BYTES = 4096;
const MEDIUM_BYTES = 2_000_000;
const HOLED_BYTES = 300_000;

interface PowerCutTrees {
  readonly source: Tree;
  /** The tree that an update starts from: files of the same sizes, and entries to delete. */
  readonly destination: Tree;
}

export function powerCutTrees(random: () => number): PowerCutTrees {
  const text = (bytes: number): string => String.fromCharCode(97 + Math.floor(random() * 26)).repeat(bytes);
  const files = (metadata: object): NamedNode[] =>
    Array.from({ length: SMALL_FILES }, (_, index) => [
      `f${index}`,
      file(text(SMALL_BYTES), index === 0 ? { ...metadata, mode: 0o4755 } : metadata),
    ]);
  const directories = (metadata: object): NamedNode[] =>
    Array.from({ length: DIRECTORIES }, (_, index) => [`d${index}`, dir(files(metadata), metadata)]);
  const common = (metadata: object): NamedNode[] => [
    ...directories(metadata),
    ['medium', file(text(MEDIUM_BYTES), metadata)],
    ['hole behind', sparse(HOLED_BYTES, [[8192, text(5000)]], metadata)],
    ['hole in front', sparse(HOLED_BYTES, [[HOLED_BYTES - 70_000, text(70_000)]], metadata)],
    ['linked', file(text(SMALL_BYTES), metadata)],
  ];
  return {
    source: [
      ...common(NEW),
      ['links', dir({ a: hardLink('linked'), b: hardLink('linked') }, NEW)],
      ['symlink', symlink('d0/f0')],
      ['becomes a file', file('file', NEW)],
      ['new', dir({ below: dir(files(NEW), NEW) }, NEW)],
    ],
    destination: [
      ...common(OLD),
      ['links', dir({ a: file('a', OLD) }, OLD)],
      ['becomes a file', dir({ in: file('in') })],
      ['extraneous', dir(files(OLD))],
    ],
  };
}
