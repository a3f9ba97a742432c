/** Describes what a stuck run is waiting for. */
import type { ByteString, Shown } from '../model/byte-string.ts';
import { displayName } from '../model/display-name.ts';
import type { Mount } from '../model/run/location.ts';

/** Absolute if known, latin1; empty if unknown. */
export interface WaitingPath {
  readonly path: ByteString;
  readonly mount: Mount | undefined;
}

/** A call in flight, as `StuckCall` describes it. */
export interface WaitingCall extends WaitingPath {
  readonly call: string;
}

export interface Waiting {
  readonly calls: readonly WaitingCall[];
  /** Paths of files being written, relative to the destination. */
  readonly writing: readonly string[];
  readonly destination: WaitingPath | undefined;
}

const MOST_LISTED = 5;

/** `no progress for 30 s: waiting for openat of "/mnt/a" on "/mnt" ("nas:/export")`. Text, not latin1. */
export function describeHang(silentMs: number, waiting: Waiting): string {
  const { calls } = waiting;
  const what =
    calls.length === 0 ? 'not waiting for any file' : `waiting for ${list(calls.map(describeCall))}`;
  return `no progress for ${Math.round(silentMs / 1000)} s: ${what}${describeWriting(waiting)}`;
}

/**
 * The calls may not name these files: they may know only a temporary name, and close(2) frees the descriptor
 * before it waits.
 */
function describeWriting({ writing, destination }: Waiting): string {
  if (writing.length === 0) return '';
  const to = destination === undefined ? '' : ` to ${describePath(destination)}`;
  return `; writing${to}: ${list(writing.map(quote))}`;
}

function list(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  const more = different.length - MOST_LISTED;
  return different.slice(0, MOST_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function describeCall({ call, ...place }: WaitingCall): string {
  return place.path === '' ? call : `${call} of ${describePath(place)}`;
}

function describePath({ path, mount }: WaitingPath): Shown {
  const on = mount === undefined ? '' : ` on ${quote(mount.mountPoint)} (${quote(mount.source)})`;
  return quote(path) + on;
}

function quote(name: ByteString): string {
  return `"${displayName(name)}"`;
}
