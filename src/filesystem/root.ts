/** An opened root directory, with the calls to use below it. Its descriptors are valid in every worker. */
import type { ByteString } from '../model/byte-string.ts';
import type { Side } from '../model/task.ts';
import type { Linux } from '../linux/call-table.ts';
import type { Location } from '../model/run/location.ts';
import { linuxCalls } from '../linux/linux.ts';

export interface Root {
  readonly linux: Linux;
  readonly fd: number;
}

/** A directory below a root, held open. */
export interface OpenDirectory {
  readonly linux: Linux;
  readonly fd: number;
  /** Relative to the root, latin1; empty for the root itself. */
  readonly path: ByteString;
}

/** A name in a directory that is open. */
export interface NameIn {
  readonly directory: OpenDirectory;
  readonly name: ByteString;
}

/** A file below a root, held open for reading or writing. */
export interface OpenFile {
  readonly linux: Linux;
  readonly fd: number;
  /** Relative to the root, latin1. */
  readonly path: ByteString;
  /** Which side failed, for errors of calls that may concern either. */
  readonly side?: Side;
}

export function childPath(directoryPath: ByteString, name: ByteString): ByteString {
  return directoryPath === '' ? name : `${directoryPath}/${name}`;
}

export function parentPath(path: ByteString): ByteString {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function lastName(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The root, with the calls that the main thread makes there. */
export function rootOf(location: Pick<Location, 'isRemote' | 'fd'>): Root {
  return { linux: callsTo(location), fd: location.fd };
}

/** Chooses how the main thread calls a root: a mount that hangs must not stop its timers and signals. */
export function callsTo({ isRemote }: Pick<Location, 'isRemote'>): Linux {
  return linuxCalls(isRemote ? 'pooled' : 'blocking');
}
