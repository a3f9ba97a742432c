/** Mounts through which the walk of one root would come to the other: a bind mount, a union's branch, a mirror. */
import { statSync } from 'node:fs';
import type { Location, Mount } from '../model/location.ts';
import { mountOf, mountsBelow, placeOn } from './mounts.ts';
import { isBelow, namesBelow } from './real-paths.ts';

/** A mount that shows the other root, a directory above it, or one inside of it. */
export interface Overlap {
  readonly mount: Mount;
  /** Where the walk meets it, relative to the root; empty: it is the mount that the root is on. */
  readonly path: string;
  /** The directory of another file system that shows through; undefined: it is the same file system. */
  readonly branch: string | undefined;
}

type Root = Pick<Location, 'side' | 'realPath' | 'mount'>;

/** Of all mounts that a walk of `root` can meet. */
export function findOverlaps(mounts: readonly Mount[], root: Root, other: Root): Overlap[] {
  const own = root.mount;
  if (own === undefined || other.mount === undefined) return [];
  const above = overlapsOf({ mounts, side: root.side }, { mount: own, at: root.realPath, path: '' }, other);
  return [
    // That it shows the same directories by itself is told from the roots.
    ...above.filter(({ branch }) => branch !== undefined),
    ...mountsBelow(mounts, root.realPath)
      .flatMap((mount) => overlapsAt(mounts, mount, { root, other }))
      .filter(({ mount }) => isSeen(mounts, mount, own)),
  ];
}

/** Of one mount below `root`. */
export function overlapsAt(
  mounts: readonly Mount[],
  mount: Mount,
  { root, other }: { root: Root; other: Root },
): Overlap[] {
  const path = namesBelow(mount.mountPoint, root.realPath);
  return overlapsOf({ mounts, side: root.side }, { mount, at: mount.mountPoint, path }, other);
}

interface Place {
  readonly device: string;
  readonly path: string;
  readonly branch: string | undefined;
}

interface Seeing {
  readonly mounts: readonly Mount[];
  readonly side: Root['side'];
}

/** @param met the directory, absolute, and relative to the root */
function overlapsOf(seeing: Seeing, met: { mount: Mount; at: string; path: string }, other: Root): Overlap[] {
  const { mounts } = seeing;
  if (other.mount === undefined) return [];
  const others = placesOf({ mounts, side: other.side }, { mount: other.mount, at: other.realPath });
  const shown = placesOf(seeing, met).filter((place) => others.some((each) => doMeet(place, each)));
  return shown
    .filter(({ branch }) => branch === undefined || isDirectoryHere(branch, mounts))
    .map(({ branch }) => ({ mount: met.mount, path: met.path, branch }));
}

function doMeet(one: Place, other: Place): boolean {
  if (one.device !== other.device) return false;
  return isBelow(one.path, other.path) || isBelow(other.path, one.path);
}

/** Where the directory at an absolute path really is: on the mount's file system, and in the directories that the mount is made of. */
function placesOf({ mounts, side }: Seeing, { mount, at }: { mount: Mount; at: string }): Place[] {
  const inside = placeOn(mount, at);
  const own = { device: mount.device, path: inside, branch: undefined };
  const branches = branchesOf(mount, side).flatMap((branch) => {
    const holder = mountOf(mounts, branch);
    if (holder === undefined) return [];
    return [{ device: holder.device, path: placeOn(holder, branch) + inside, branch }];
  });
  return [own, ...branches];
}

const LOWER = new Set(['lowerdir', 'lowerdir+', 'datadir+']);
const UPPER = new Set(['upperdir', 'workdir']);

/** What is written to an overlay never reaches the directories below: those are of no concern to a destination. */
function branchesOf({ fileSystemType, source, superOptions }: Mount, side: Root['side']): string[] {
  // Mirrors (bindfs, gocryptfs and others) name what they show; who does not cannot be known.
  if (fileSystemType === 'fuse' || fileSystemType.startsWith('fuse.')) return [source].filter(isAbsolute);
  if (fileSystemType !== 'overlay') return [];
  return superOptions.flatMap((option) => {
    const [key, value] = splitOnce(option);
    if (UPPER.has(key)) return [value].filter(isAbsolute);
    if (side === 'source' && LOWER.has(key)) return lowerDirectories(value);
    return [];
  });
}

function lowerDirectories(value: string): string[] {
  const directories = value.split(/(?<!\\):+/).filter(isAbsolute);
  return directories.map((directory) => directory.replaceAll('\\:', ':'));
}

function splitOnce(option: string): [string, string] {
  const at = option.indexOf('=');
  return at < 0 ? [option, ''] : [option.slice(0, at), option.slice(at + 1)];
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

/** Options tell paths as they were for who mounted it, perhaps outside of this container. */
function isDirectoryHere(path: string, mounts: readonly Mount[]): boolean {
  // A server that is dead would stop the main thread; of a branch on one, the path has to do.
  if (mountOf(mounts, path)?.isRemote === true) return true;
  return statSync(Buffer.from(path, 'latin1'), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Nothing is mounted over it, or over a directory above it. */
function isSeen(mounts: readonly Mount[], mount: Mount, root: Mount): boolean {
  let at = mount;
  let from: Mount | undefined;
  while (at.mountId !== root.mountId) {
    const current = at;
    if (mounts.some((each) => each !== from && hides(each, current))) return false;
    const above = mounts.find(({ mountId }) => mountId === current.parentId);
    if (above === undefined || above === at) return false;
    [from, at] = [at, above];
  }
  return true;
}

function hides(one: Mount, other: Mount): boolean {
  if (one.parentId === other.mountId) return one.mountPoint === other.mountPoint;
  if (one.parentId !== other.parentId || one === other) return false;
  return one.mountPoint !== other.mountPoint && isBelow(other.mountPoint, one.mountPoint);
}
