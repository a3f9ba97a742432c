/** The names of multiply-linked inodes, grouped by the source's inode: 20 bytes a name in memory. */
import { SpoolBlocks } from '../../filesystem/spool-blocks.ts';
import { BinaryReader } from './binary.ts';
import { readLinkRecord, type LinkRecord } from './link-record.ts';
import type { RecordRefs } from './record-refs.ts';

export interface LinkMember extends LinkRecord {
  /** Among the refs. */
  readonly index: number;
}

/** Each group's members, sorted by path. */
export function* linkGroups(spoolFds: readonly number[], refs: RecordRefs): Iterable<LinkMember[]> {
  const blocks = new SpoolBlocks();
  const inodes = new BigUint64Array(refs.count);
  const devices = new Float64Array(refs.count);
  const order = new Uint32Array(refs.count);
  for (let index = 0; index < refs.count; index++) {
    const { source } = readLink(index).change;
    inodes[index] = source.inode;
    devices[index] = source.device;
    order[index] = index;
  }
  order.sort(
    (a, b) =>
      compare(inodes[a] as bigint, inodes[b] as bigint) ||
      compare(devices[a] as number, devices[b] as number),
  );
  for (let start = 0; start < order.length;) {
    const first = order[start] as number;
    let end = start + 1;
    while (end < order.length && isSame(first, order[end] as number)) end++;
    yield members(order.subarray(start, end));
    start = end;
  }

  function isSame(a: number, b: number): boolean {
    return inodes[a] === inodes[b] && devices[a] === devices[b];
  }
  function readLink(index: number): LinkRecord {
    const { spool, offset, lengthBytes } = refs.at(index);
    const bytes = blocks.read(spoolFds[spool] as number, offset, lengthBytes);
    return readLinkRecord(new BinaryReader(bytes));
  }
  function members(indexes: Uint32Array): LinkMember[] {
    const records = Array.from(indexes, (index) => ({ index, ...readLink(index) }));
    return records.toSorted(byPath);
  }
}

export function byPath(a: LinkRecord, b: LinkRecord): number {
  return compare(pathKey(a), pathKey(b));
}

function pathKey(record: LinkRecord): string {
  return `${record.directoryPath}/${record.change.name}`;
}

function compare<T extends bigint | number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
