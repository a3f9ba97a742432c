/** How a run in which nothing moves any more says what it waits for. */
import type { Mount } from '../model/location.ts';

/** A call as `StuckCall` tells of it. */
export interface WaitingCall {
  readonly call: string;
  readonly path: string;
  readonly mount: Mount | undefined;
}

export interface Waiting {
  readonly calls: readonly WaitingCall[];
  /** Paths below the destination of the files that are being written. */
  readonly writing: readonly string[];
}

const MOST_LISTED = 5;

/** `nothing has moved for 30 s: waiting for openat of "/mnt/a" on "/mnt" ("nas:/export")`. Text, not latin1. */
export function describeSilence(silentMs: number, { calls, writing }: Waiting): string {
  const waiting =
    calls.length === 0 ? 'no file is waited for' : `waiting for ${list(calls.map(describeCall))}`;
  const written = writing.length === 0 ? '' : `; being written: ${list(writing.map(quote))}`;
  return `nothing has moved for ${Math.round(silentMs / 1000)} s: ${waiting}${written}`;
}

function list(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  const more = different.length - MOST_LISTED;
  return different.slice(0, MOST_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function describeCall({ call, path, mount }: WaitingCall): string {
  const on = mount === undefined ? '' : ` on ${quote(mount.mountPoint)} (${quote(mount.source)})`;
  // close(2) gives the descriptor back before it waits.
  return path === '' ? call : `${call} of ${quote(path)}${on}`;
}

/** Nothing that a terminal would obey, nor a line of its own. */
function quote(latin1: string): string {
  const text = JSON.stringify(Buffer.from(latin1, 'latin1').toString());
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}
