/** How a run in which nothing moves any more says what it waits for. */
import { displayName } from '../model/display-name.ts';
import type { Mount } from '../model/location.ts';

/** Absolute where it is known, latin1; empty: it is not. */
export interface WaitingPlace {
  readonly path: string;
  readonly mount: Mount | undefined;
}

/** As `StuckCall`. */
export interface WaitingCall extends WaitingPlace {
  readonly call: string;
}

export interface Waiting {
  readonly calls: readonly WaitingCall[];
  /** Paths of the files that are being written, below the destination. */
  readonly writing: readonly string[];
  readonly destination: WaitingPlace | undefined;
}

const MOST_LISTED = 5;

/** `nothing has moved for 30 s: waiting for openat of "/mnt/a" on "/mnt" ("nas:/export")`. Text, not latin1. */
export function describeSilence(silentMs: number, waiting: Waiting): string {
  const { calls } = waiting;
  const what = calls.length === 0 ? 'no file is waited for' : `waiting for ${list(calls.map(describeCall))}`;
  return `nothing has moved for ${Math.round(silentMs / 1000)} s: ${what}${describeWriting(waiting)}`;
}

/** A call may know a file by a temporary name, or no longer: close(2) gives the descriptor back first. */
function describeWriting({ writing, destination }: Waiting): string {
  if (writing.length === 0) return '';
  const to = destination === undefined ? '' : ` to ${describePlace(destination)}`;
  return `; being written${to}: ${list(writing.map(quote))}`;
}

function list(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  const more = different.length - MOST_LISTED;
  return different.slice(0, MOST_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function describeCall({ call, ...place }: WaitingCall): string {
  return place.path === '' ? call : `${call} of ${describePlace(place)}`;
}

function describePlace({ path, mount }: WaitingPlace): string {
  const on = mount === undefined ? '' : ` on ${quote(mount.mountPoint)} (${quote(mount.source)})`;
  return quote(path) + on;
}

function quote(name: string): string {
  return `"${displayName(name)}"`;
}
