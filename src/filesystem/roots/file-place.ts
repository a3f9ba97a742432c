/** Where a root belongs that is no directory, but a name in one. */
import type { ByteString } from '../../model/byte-string.ts';
import { posix } from 'node:path';
import { isDirectory, isFile, isSymlink } from '../../model/entry.ts';
import { SystemError } from '../../linux/system-error.ts';
import { closeNamedFile } from '../operator-files/find-place.ts';
import { lookUp } from './missing-directory.ts';

export interface FilePlace {
  /** As the user gave it. */
  readonly directory: ByteString;
  readonly name: ByteString;
  /** What has the name now; a link is not followed. */
  readonly kind: 'file' | 'symlink' | 'directory' | 'other' | 'nothing';
}

/** Undefined: the path can only be one of a directory, or leads through something else. */
export async function findFilePlace(path: ByteString): Promise<FilePlace | undefined> {
  if (path === '' || /(^|\/)\.{0,2}$/.test(path)) return undefined;
  const at = { directory: posix.dirname(path), name: posix.basename(path) };
  try {
    const place = await lookUp(path);
    if (place === undefined) return { ...at, kind: 'nothing' };
    await closeNamedFile(place);
    if (place.found === undefined) return { ...at, kind: 'nothing' };
    const { stat } = place.found;
    const kind = isFile(stat)
      ? 'file'
      : isSymlink(stat)
        ? 'symlink'
        : isDirectory(stat)
          ? 'directory'
          : 'other';
    return { ...at, kind };
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
