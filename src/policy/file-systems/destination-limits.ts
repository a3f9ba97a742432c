/** What a destination can hold, and which parts of an entry it cannot. */
import type { ByteString } from '../../model/byte-string.ts';
import type { DestinationLimits } from '../../model/file-system.ts';
import { ELASTIC_FILE_SYSTEM, fileSystemOf } from '../../model/file-systems.ts';
import type { Mount } from '../../model/run/location.ts';
import { isElasticFileSystem } from './mount-facts.ts';
import { isDirectory, isFile, isSymlink, kindOf, LARGEST_SIZE_BYTES, type Entry } from '../../model/entry.ts';
import type { Obstacle } from '../../model/preflight-results.ts';

/** By the type of the file system. @param longestNameBytes as the file system itself reports */
export function limitsOf(mount: Mount | undefined, longestNameBytes = Infinity): DestinationLimits {
  const { limits } = isElasticFileSystem(mount) ? ELASTIC_FILE_SYSTEM : fileSystemOf(mount);
  return { ...limits, nameBytes: Math.min(limits.nameBytes, longestNameBytes) };
}

/** How many names one file may have. If that is unknown, the server reports the limit when a link fails. */
export function linkLimitOf(mount: Mount | undefined): number {
  return limitsOf(mount).links;
}

/** Without its path. */
export type Found = Omit<Obstacle, 'path'>;

/** @param path latin1: one character per byte */
export function findObstacles(path: ByteString, entry: Entry, limits: DestinationLimits): Found[] {
  const found = [inName(path, limits), isDirectory(entry) ? inDepth(path, limits) : ofKind(entry, limits)];
  const isSplit = !isDirectory(entry) && entry.linkCount > limits.links;
  const links = isSplit ? tooMany('hard links', 'names', entry.linkCount, limits.links) : undefined;
  const split: Found | undefined = links && { ...links, code: 'EMLINK', effect: 'split' };
  return [...found, split].filter((each) => each !== undefined);
}

/** For an entry that has such attributes. */
export function attributeObstacle(kind: 'extended attributes' | 'acl'): Found {
  const what = kind === 'acl' ? 'an ACL' : 'extended attributes';
  return {
    kind,
    detail: `it has ${what}, which the destination cannot store`,
    code: 'EOPNOTSUPP',
    effect: 'incomplete',
  };
}

function inName(path: ByteString, { nameBytes }: DestinationLimits): Found | undefined {
  const { length } = path.slice(path.lastIndexOf('/') + 1);
  return length > nameBytes
    ? { ...tooMany('name', 'bytes of name', length, nameBytes), code: 'ENAMETOOLONG' }
    : undefined;
}

function inDepth(path: ByteString, { directoryLevels }: DestinationLimits): Found | undefined {
  const levels = path === '' ? 0 : path.split('/').length;
  return levels > directoryLevels
    ? tooMany('directory depth', 'directory levels', levels, directoryLevels)
    : undefined;
}

function ofKind(entry: Entry, limits: DestinationLimits): Found | undefined {
  const { sizeBytes } = entry;
  if (isFile(entry) && sizeBytes > LARGEST_SIZE_BYTES) {
    const detail = `more than ${LARGEST_SIZE_BYTES.toLocaleString('en')} bytes, the most that efs-sync supports`;
    return { kind: 'file size', detail, code: 'EFBIG', effect: 'fails' };
  }
  if (isFile(entry) && sizeBytes > limits.fileBytes) {
    return { ...tooMany('file size', 'bytes', sizeBytes, limits.fileBytes), code: 'EFBIG' };
  }
  if (isSymlink(entry) && sizeBytes > limits.linkTargetBytes) {
    const found = tooMany('link target', 'bytes of link target', sizeBytes, limits.linkTargetBytes);
    return { ...found, code: 'ENAMETOOLONG' };
  }
  const kind = kindOf(entry.mode);
  if (!kind.endsWith('device') || limits.holdsDevices) return undefined;
  return {
    kind: 'device',
    detail: `a ${kind}, which the destination cannot store`,
    code: '',
    effect: 'fails',
  };
}

function tooMany(kind: Found['kind'], what: string, has: number, most: number): Found {
  const detail = `${has.toLocaleString('en')} ${what}; the limit is ${most.toLocaleString('en')}`;
  return { kind, detail, code: '', effect: 'fails' };
}
