/** What of an entry the destination cannot hold. */
import { isDirectory, isFile, isSymlink, kindOf, LARGEST_SIZE_BYTES, type Entry } from '../model/entry.ts';
import type { Obstacle } from '../model/obstacle.ts';
import type { DestinationLimits } from './destination-limits.ts';

/** Without its path. */
export type Found = Omit<Obstacle, 'path'>;

/** @param path latin1: a character a byte */
export function findObstacles(path: string, entry: Entry, limits: DestinationLimits): Found[] {
  const found = [inName(path, limits), isDirectory(entry) ? inDepth(path, limits) : ofKind(entry, limits)];
  const isSplit = !isDirectory(entry) && entry.linkCount > limits.links;
  const links = isSplit ? tooMany('hard links', 'names', entry.linkCount, limits.links) : undefined;
  const split: Found | undefined = links && { ...links, code: 'EMLINK', effect: 'split' };
  return [...found, split].filter((each) => each !== undefined);
}

/** Of an entry that has them. */
export function attributeObstacle(kind: 'extended attributes' | 'acl'): Found {
  const what = kind === 'acl' ? 'an ACL' : 'extended attributes';
  return {
    kind,
    detail: `it has ${what}, which the destination does not keep`,
    code: 'EOPNOTSUPP',
    effect: 'incomplete',
  };
}

function inName(path: string, { nameBytes }: DestinationLimits): Found | undefined {
  const { length } = path.slice(path.lastIndexOf('/') + 1);
  return length > nameBytes
    ? { ...tooMany('name', 'bytes of name', length, nameBytes), code: 'ENAMETOOLONG' }
    : undefined;
}

function inDepth(path: string, { directoryLevels }: DestinationLimits): Found | undefined {
  const levels = path === '' ? 0 : path.split('/').length;
  return levels > directoryLevels
    ? tooMany('directory depth', 'directory levels', levels, directoryLevels)
    : undefined;
}

function ofKind(entry: Entry, limits: DestinationLimits): Found | undefined {
  const { sizeBytes } = entry;
  if (isFile(entry) && sizeBytes > LARGEST_SIZE_BYTES) {
    const detail = `more than ${LARGEST_SIZE_BYTES.toLocaleString('en')} bytes, which efs-sync cannot count`;
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
    detail: `a ${kind}, which the destination does not keep`,
    code: '',
    effect: 'fails',
  };
}

function tooMany(kind: Found['kind'], what: string, has: number, most: number): Found {
  const detail = `${has.toLocaleString('en')} ${what}, at most ${most.toLocaleString('en')}`;
  return { kind, detail, code: '', effect: 'fails' };
}
