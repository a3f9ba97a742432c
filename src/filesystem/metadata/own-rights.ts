/**
 * This process's identity to the kernel, from /proc/self/status and uid_map (proc(5), user_namespaces(7)).
 */
import type { ByteString } from '../../model/byte-string.ts';
import type { IdRange, MappedIds, OwnerRights } from '../../model/owner-rights.ts';
import { existsSync } from 'node:fs';
import { readProcFile } from '../proc-file.ts';

/** @throws LocationError */
export function readOwnRights(): OwnerRights {
  const status = readProcFile('/proc/self/status');
  const numbers = (field: string) => {
    const line = status.split('\n').find((text) => text.startsWith(`${field}:`));
    return (line?.slice(field.length + 1).match(/\d+/g) ?? []).map(Number);
  };
  // Real, effective, saved and file system ID; the last is the one that file systems check.
  const uid = numbers('Uid')[3] ?? 0;
  const gid = numbers('Gid')[3] ?? 0;
  return {
    isRoot: uid === 0,
    uid,
    gid,
    groups: new Set([gid, ...numbers('Groups')]),
    mapped: readMappedIds(),
  };
}

/** Undefined: all ids are mapped, as outside of user namespaces or in a kernel without them. */
function readMappedIds(): MappedIds | undefined {
  const uids = readMap('/proc/self/uid_map');
  const gids = readMap('/proc/self/gid_map');
  return hasEveryId(uids) && hasEveryId(gids) ? undefined : { uids, gids };
}

const EVERY_ID: readonly IdRange[] = [{ first: 0, count: 4_294_967_295 }];

function readMap(path: ByteString): readonly IdRange[] {
  if (!existsSync(path)) return EVERY_ID;
  const lines = readProcFile(path).trimEnd().split('\n');
  return lines.map((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return { first, count };
  });
}

function hasEveryId([range]: readonly IdRange[]): boolean {
  return range?.first === 0 && range.count === EVERY_ID[0]?.count;
}
