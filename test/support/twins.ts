/** Names of every kind that differ only by case: a case-sensitive file system has two, others one. */
import { dir, file, hardLink, type Tree } from './tree.ts';

const TIME = { mtimeNs: 1_600_000_000_000_000_000n };

export const TWINS: Tree = {
  'X.t': file('large', TIME),
  'x.t': file('small', TIME),
  Dir: dir({ a: file('1', TIME), b: file('2', TIME) }, TIME),
  dir: dir({ a: file('3', TIME), c: file('4', TIME) }, TIME),
  LINK: file('linked', TIME),
  link: hardLink('LINK'),
  name: dir({ in: file('in', TIME) }, TIME),
  NAME: file('no directory', TIME),
};
