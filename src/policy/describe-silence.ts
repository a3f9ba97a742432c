/** How a run in which nothing moves any more says what it waits for. */
import type { Mount } from '../model/location.ts';

/** A call as `StuckCall` tells of it. */
export interface WaitingCall {
  readonly call: string;
  readonly path: string;
  readonly mount: Mount | undefined;
}

const MOST_CALLS = 5;

/** `nothing has moved for 30 s: waiting for openat of "/mnt/a/b" on "/mnt" ("nas:/export")`. Text, no longer latin1. */
export function describeSilence(seconds: number, calls: readonly WaitingCall[]): string {
  const texts = [...new Set(calls.map(describeCall))];
  const more = texts.length > MOST_CALLS ? ` and ${texts.length - MOST_CALLS} more` : '';
  const what =
    texts.length === 0
      ? 'no file is waited for'
      : `waiting for ${texts.slice(0, MOST_CALLS).join(', ')}${more}`;
  return `nothing has moved for ${seconds} s: ${what}`;
}

function describeCall({ call, path, mount }: WaitingCall): string {
  const on = mount === undefined ? '' : ` on ${quote(mount.mountPoint)} (${quote(mount.source)})`;
  return `${call} of ${quote(path)}${on}`;
}

/** Nothing that a terminal would obey, nor a line of its own. */
function quote(latin1: string): string {
  const text = JSON.stringify(Buffer.from(latin1, 'latin1').toString());
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}
