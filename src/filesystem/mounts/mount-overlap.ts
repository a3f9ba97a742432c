/**
 * Finds mounts through which a walk of one root would reach the other: a bind mount, a union's branch, a
 * mirror.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { statSync } from 'node:fs';
import { fileSystemOf } from '../../model/file-systems.ts';
import type { Location, Mount } from '../../model/run/location.ts';
import { mountOf, mountsBelow, placeOn } from './mounts.ts';
import { isBelow, joinNames, namesBelow } from '../real-paths.ts';

/** A mount that shows the other root, a directory above it, or one inside of it. */
export interface Overlap {
  readonly mount: Mount;
  /** Where the walk meets the mount, relative to the root; empty if the root itself is on that mount. */
  readonly path: ByteString;
  /** Where the walk would be in the other root, relative to the root. */
  readonly meetsAt: ByteString;
  /** The directory of another file system that shows through; undefined if it is the same file system. */
  readonly branch: string | undefined;
}

type Root = Pick<Location, 'side' | 'realPath' | 'mount'>;

/** Checks all mounts that a walk of `root` can meet. */
export function findOverlaps(mounts: readonly Mount[], root: Root, other: Root): Overlap[] {
  const own = root.mount;
  if (own === undefined || other.mount === undefined) return [];
  const above = overlapsOf({ mounts, side: root.side }, { mount: own, at: root.realPath, path: '' }, other);
  return [
    // The roots' own check reports a mount that shows the same directories itself.
    ...above.filter(({ branch }) => branch !== undefined),
    ...mountsBelow(mounts, root.realPath)
      .flatMap((mount) => overlapsAt(mounts, mount, { root, other }))
      .filter(({ mount }) => isSeen(mounts, mount, own)),
  ];
}

/** Checks one mount below `root`. */
export function overlapsAt(
  mounts: readonly Mount[],
  mount: Mount,
  { root, other }: { root: Root; other: Root },
): Overlap[] {
  const path = namesBelow(mount.mountPoint, root.realPath);
  return overlapsOf({ mounts, side: root.side }, { mount, at: mount.mountPoint, path }, other);
}

interface DevicePath {
  readonly device: string;
  readonly path: ByteString;
  readonly branch: string | undefined;
}

interface Seeing {
  readonly mounts: readonly Mount[];
  readonly side: Root['side'];
}

/** @param met the directory, both absolute and relative to the root */
function overlapsOf(
  seeing: Seeing,
  met: { mount: Mount; at: string; path: ByteString },
  other: Root,
): Overlap[] {
  const { mounts } = seeing;
  if (other.mount === undefined) return [];
  const others = devicePathsOf({ mounts, side: other.side }, { mount: other.mount, at: other.realPath });
  const shown = devicePathsOf(seeing, met).flatMap((place) =>
    others.filter((each) => doMeet(place, each)).map((each) => ({ place, each })),
  );
  return shown
    .filter(({ place: { branch } }) => branch === undefined || isDirectoryHere(branch, mounts))
    .map(({ place, each }) => {
      const below = isBelow(each.path, place.path) ? namesBelow(each.path, place.path) : '';
      const meetsAt = met.path === '' ? below : joinNames(met.path, below);
      return { mount: met.mount, path: met.path, meetsAt, branch: place.branch };
    });
}

function doMeet(one: DevicePath, other: DevicePath): boolean {
  if (one.device !== other.device) return false;
  return isBelow(one.path, other.path) || isBelow(other.path, one.path);
}

/**
 * The real places of a directory: on the mount's file system, and in the directories that the mount is made
 * of.
 */
function devicePathsOf({ mounts, side }: Seeing, { mount, at }: { mount: Mount; at: string }): DevicePath[] {
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

/** Writes to an overlay never reach its lower directories, so they do not matter for a destination. */
function branchesOf(mount: Mount, side: Root['side']): string[] {
  const { branches } = fileSystemOf(mount);
  // Mirrors (bindfs, gocryptfs and others) name the directory that they show. Others cannot be recognised.
  if (branches === 'source') return [mount.source].filter(isAbsolute);
  if (branches !== 'layers') return [];
  return mount.superOptions.flatMap((option) => {
    const [key, value] = splitOnce(option);
    if (UPPER.has(key)) return [value].filter(isAbsolute);
    if (side === 'source' && LOWER.has(key)) return lowerDirectories(value);
    return [];
  });
}

function lowerDirectories(value: string): ByteString[] {
  const directories = value.split(/(?<!\\):+/).filter(isAbsolute);
  return directories.map((directory) => directory.replaceAll('\\:', ':'));
}

function splitOnce(option: string): [string, string] {
  const at = option.indexOf('=');
  return at < 0 ? [option, ''] : [option.slice(0, at), option.slice(at + 1)];
}

function isAbsolute(path: ByteString): boolean {
  return path.startsWith('/');
}

/** Mount options hold paths as the mounting process saw them, perhaps outside of this container. */
function isDirectoryHere(path: ByteString, mounts: readonly Mount[]): boolean {
  // Never ask a remote mount: a dead server would stop the main thread. The path has to do.
  if (mountOf(mounts, path)?.isRemote === true) return true;
  return statSync(Buffer.from(path, 'latin1'), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Nothing is mounted over this mount, or over a directory above it. */
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
