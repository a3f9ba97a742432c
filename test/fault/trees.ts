/** Trees that hold all that the tool copies, and what it has to change. */
import { device, dir, fifo, file, hardLink, socket, sparse, symlink, type Tree } from '../support/tree.ts';

const MIB = 1024 * 1024;
const OLD = 1_000_000_000_123_456_789n;
const NEW = 1_700_000_000_987_654_321n;
/** Content that changes under any shift or truncation. */
function bytes(length: number, seed: number): Buffer {
  return Buffer.from(
    Uint32Array.from({ length: Math.ceil(length / 4) }, (_, i) => Math.imul(i + seed, 2_654_435_761)).buffer,
    0,
    length,
  );
}

export const EVERYTHING: Tree = {
  empty: file('', { mtimeNs: OLD }),
  small: file(bytes(5000, 1), { mode: 0o640, uid: 1000, gid: 1001, mtimeNs: OLD, xattrs: { 'user.a': '1' } }),
  setuid: file('s', { mode: 0o4755, uid: 1000, mtimeNs: OLD }),
  medium: file(bytes(300_000, 2), { mtimeNs: NEW }),
  large: sparse(
    66 * MIB,
    [
      [0, 'start'],
      [40 * MIB, 'middle'],
    ],
    { mtimeNs: OLD },
  ),
  holes: sparse(
    400_000,
    [
      [0, 'a'],
      [300_000, 'b'],
    ],
    { mtimeNs: OLD },
  ),
  link: symlink('small', { uid: 1000 }),
  pipe: fifo({ mode: 0o600 }),
  socket: socket(),
  null: device('character device', [1, 3]),
  d: dir(
    {
      first: file('linked', { mtimeNs: OLD }),
      acl: file('x', { acl: 'u:1000:rwx' }),
      deep: dir({ e: dir({ bottom: file('bottom') }, { mtimeNs: OLD }) }),
    },
    { mode: 0o2750, gid: 1001, mtimeNs: OLD, defaultAcl: 'u:1001:rx' },
  ),
  second: hardLink('d/first'),
};

export const UPDATED: Tree = {
  same: file('same', { mtimeNs: OLD }),
  content: file(bytes(5000, 3), { mtimeNs: NEW }),
  rotten: file(bytes(5000, 4), { mtimeNs: OLD }),
  medium: file(bytes(300_000, 5), { mtimeNs: NEW, mode: 0o600 }),
  large: sparse(
    66 * MIB,
    [
      [0, 'new'],
      [50 * MIB, 'end'],
    ],
    { mtimeNs: NEW },
  ),
  checked: sparse(66 * MIB, [[10 * MIB, 'equal']], { mtimeNs: OLD }),
  mode: file('mode', { mode: 0o640, uid: 1000, mtimeNs: OLD, xattrs: { 'user.new': 'n' } }),
  link: symlink('elsewhere'),
  becomesFile: file('now a file', { mtimeNs: NEW }),
  becomesDirectory: dir({ below: file('below', { mtimeNs: NEW }) }),
  becomesLink: symlink('content'),
  becomesPipe: fifo(),
  kept: dir(
    { inner: dir({ file: file('inner', { mtimeNs: NEW }) }), a: file('a', { mtimeNs: OLD }) },
    { mode: 0o700 },
  ),
  groupA: file('group', { mtimeNs: OLD }),
  groupB: hardLink('groupA'),
  groupC: hardLink('groupA'),
};

const LEFTOVER = `.efs-sync-${'0123456789abcdef'.repeat(2)}.tmp`;

export const OUTDATED: Tree = {
  same: file('same', { mtimeNs: OLD }),
  content: file(bytes(4000, 6), { mtimeNs: OLD }),
  rotten: file(bytes(5000, 7), { mtimeNs: OLD }),
  medium: file(bytes(280_000, 8), { mtimeNs: OLD }),
  large: sparse(66 * MIB, [[0, 'old']], { mtimeNs: OLD }),
  checked: sparse(66 * MIB, [[10 * MIB, 'equal']], { mtimeNs: OLD }),
  mode: file('mode', { mode: 0o600, mtimeNs: OLD, xattrs: { 'user.old': 'o' } }),
  link: symlink('somewhere'),
  becomesFile: dir({ was: file('was'), deep: dir({ er: file('er') }) }),
  becomesDirectory: file('was a file'),
  becomesLink: file('was a file, too'),
  becomesPipe: file('and this'),
  kept: dir({
    inner: dir({ file: file('outer', { mtimeNs: OLD }), extra: file('extra') }),
    a: file('a', { mtimeNs: OLD }),
    extra: file('extra'),
  }),
  extra: file('extra'),
  extraDirectory: dir({ x: file('x'), y: dir({ z: file('z') }) }),
  groupA: file('group', { mtimeNs: OLD }),
  groupB: file('group', { mtimeNs: OLD }),
  groupC: hardLink('groupB'),
  [LEFTOVER]: file('half a file'),
};

/** Enough files for the tool to use staging directories. */
export const CROWDED: Tree = Array.from({ length: 40 }, (_, i) => [
  `f${i}`,
  file(`content ${i}`, { mtimeNs: NEW }),
]);

export const BEFORE_CROWDED: Tree = {
  f0: file('old', { mtimeNs: OLD }),
  f20: file('old', { mtimeNs: OLD }),
  [LEFTOVER]: dir({ [LEFTOVER]: file('half a file') }),
};

/** Directories that deny their owner the access that the tool needs. */
export const CLOSED: Tree = {
  unlisted: dir({ file: file('new', { mtimeNs: NEW }), made: dir({ in: file('in') }) }, { mode: 0o555 }),
  unwritable: dir(
    { file: file('new', { mtimeNs: NEW }), mode: file('mode', { mode: 0o400, mtimeNs: OLD }) },
    { mode: 0o555 },
  ),
  new: dir({ file: file('new', { mtimeNs: NEW }) }, { mode: 0o500 }),
};

export const BEFORE_CLOSED: Tree = {
  unlisted: dir({ file: file('old', { mtimeNs: OLD }), extra: file('extra') }, { mode: 0 }),
  unwritable: dir(
    {
      file: file('old', { mtimeNs: OLD }),
      mode: file('mode', { mode: 0o600, mtimeNs: OLD }),
      extra: dir({ a: file('a') }, { mode: 0o500 }),
    },
    { mode: 0o555 },
  ),
};

export const IN_PLACE: Tree = {
  small: file(bytes(5000, 9), { mtimeNs: NEW }),
  holes: sparse(
    700_000,
    [
      [0, 'a'],
      [600_000, 'b'],
    ],
    { mtimeNs: NEW },
  ),
  medium: file(bytes(300_000, 10), { mtimeNs: NEW }),
  partial: file(bytes(2 * MIB, 11), { mtimeNs: NEW }),
  d: dir({ new: file('new', { mtimeNs: NEW }) }),
};

export const BEFORE_IN_PLACE: Tree = {
  small: file(bytes(6000, 12), { mtimeNs: OLD }),
  holes: file(bytes(800_000, 13), { mtimeNs: OLD }),
  medium: file(bytes(300_000, 14), { mtimeNs: OLD }),
};
