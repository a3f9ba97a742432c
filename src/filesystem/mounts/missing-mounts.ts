/** Mounts that /etc/fstab or systemd has for a path, and that are not there. */
import type { ByteString } from '../../model/byte-string.ts';
import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { isBelow, namesBelow } from '../real-paths.ts';
import { readFstab } from './mounts.ts';

/** Not the directory of the distribution's own units, which has some for file systems that are seldom mounted. */
const UNIT_DIRECTORIES = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
];

export interface MissingMount {
  readonly mountPoint: string;
  /** What has it: `/etc/fstab`, or the unit. */
  readonly origin: { readonly fstabSource: string } | { readonly unit: string };
}

export interface PathOnMount {
  /** As the operator gave it, but absolute. */
  readonly absolutePath: ByteString;
  /** Without symbolic links; its last names need not exist. */
  readonly realPath: ByteString;
  /** Where the file system is mounted that holds the path. */
  readonly mountPoint: ByteString;
}

/**
 * Undefined: nothing says that a mount is missing. Whatever belongs between the path and the mount that holds
 * it is not mounted, or that mount would hold the path.
 */
export function findMissingMount(
  path: PathOnMount,
  fstab = '/etc/fstab',
  unitDirectories = UNIT_DIRECTORIES,
): MissingMount | undefined {
  return findInFstab(path, fstab) ?? findUnit(path, unitDirectories);
}

function findInFstab({ absolutePath, realPath, mountPoint }: PathOnMount, file: string) {
  for (const entry of readFstab(file)) {
    if (!isBelow(absolutePath, entry.mountPoint) && !isBelow(realPath, entry.mountPoint)) continue;
    const at = withoutLinks(entry.mountPoint);
    if (isBelow(realPath, at) && isStrictlyBelow(at, mountPoint)) {
      return { mountPoint: at, origin: { fstabSource: entry.source } };
    }
  }
  return undefined;
}

function findUnit({ realPath, mountPoint }: PathOnMount, directories: readonly string[]) {
  for (let at = realPath; isStrictlyBelow(at, mountPoint); at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const unit = `${escapePath(at)}.mount`;
    const found = directories.find((directory) => isNamed(`${directory}/${unit}`));
    if (found !== undefined && !isMasked(`${found}/${unit}`)) return { mountPoint: at, origin: { unit } };
  }
  return undefined;
}

function isStrictlyBelow(path: ByteString, ancestor: ByteString): boolean {
  return path !== ancestor && isBelow(path, ancestor);
}

/** mount(8) does the same to what fstab names. Only for a path that was walked a moment ago. */
function withoutLinks(path: ByteString): ByteString {
  return (
    orUndefined(() => realpathSync.native(Buffer.from(path, 'latin1'), { encoding: 'buffer' }))?.toString(
      'latin1',
    ) ?? path
  );
}

function isNamed(path: string): boolean {
  return isLink(path) || orUndefined(() => statSync(path)) !== undefined;
}

function isLink(path: string): boolean {
  return orUndefined(() => readlinkSync(path)) !== undefined;
}

/** By a link to /dev/null, or an empty file: systemd.unit(5). */
function isMasked(path: string): boolean {
  const stat = orUndefined(() => statSync(path));
  return stat === undefined || !stat.isFile() || stat.size === 0;
}

/** As systemd-escape(1) does with --path. */
function escapePath(path: ByteString): string {
  const escaped = namesBelow(path, '/').replaceAll(/[^A-Za-z0-9:_./]/g, hexOf);
  return escaped.replace(/^\./, hexOf).replaceAll('/', '-');
}

function hexOf(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** What cannot be asked says nothing about a mount. */
function orUndefined<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
