/** Names of multiply-linked inodes, grouped by the source's inode: 20 bytes per name in memory. */
import type { ByteString } from '../../model/byte-string.ts';
import { readLinkRecord, type LinkRecord } from './records.ts';
import type { PlanSpool } from './plan-spool.ts';
import type { RecordRefs } from './record-refs.ts';

export interface LinkMember extends LinkRecord {
  /** Its index among the refs. */
  readonly index: number;
}

/** Each group's members, sorted by path. */
export function* linkGroups(spool: PlanSpool, refs: RecordRefs): Iterable<LinkMember[]> {
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
    return readLinkRecord(spool.read(refs.at(index)));
  }
  function members(indexes: Uint32Array): LinkMember[] {
    const records = Array.from(indexes, (index) => ({ index, ...readLink(index) }));
    return records.toSorted(byPath);
  }
}

export function byPath(a: LinkRecord, b: LinkRecord): number {
  return compare(pathKey(a), pathKey(b));
}

function pathKey(record: LinkRecord): ByteString {
  return `${record.directoryPath}/${record.change.name}`;
}

function compare<T extends bigint | number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
