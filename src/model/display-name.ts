/**
 * Names as people see them. The program holds names as latin1, one character per byte; they are shown as
 * UTF-8. Bytes that a terminal would not show are written as rsync does: `\#ooo`, octal, one byte each.
 */
import type { ByteString, Shown } from './byte-string.ts';

/** One well-formed UTF-8 sequence, or else a single byte. */
const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\s\S]/g;
/** Controls, and the invisible characters that reorder or hide text. A tab is shown as rsync shows it. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** Escapes a backslash that would read as an escape, so that every shown name can be converted back. */
const FALSE_ESCAPE = /\\(?=#\d{3})/g;

export function displayName(name: ByteString): Shown {
  const escaped = name.replace(FALSE_ESCAPE, '\\#134');
  return /^[\x20-\x7e]*$/.test(escaped) ? escaped : escaped.replace(SEQUENCE, displaySequence);
}

/** Makes a whole message displayable; its names already went through `displayName` and stay the same. */
export function displayText(message: Shown): Shown {
  if (/^[\x20-\x7e]*$/.test(message)) return message;
  return utf8Bytes(message).replace(SEQUENCE, displaySequence);
}

/** The name as UTF-8 text, with invalid bytes as U+FFFD, and whether that lost anything. */
export function decodeName(name: ByteString): { text: string; exact: boolean } {
  if (/^[\0-\x7f]*$/.test(name)) return { text: name, exact: true };
  const text = Buffer.from(name, 'latin1').toString('utf8');
  return { text, exact: utf8Bytes(text) === name };
}

/** Encodes text the way the program holds names. */
export function utf8Bytes(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function displaySequence(bytes: string): string {
  if (bytes === '\t') return bytes;
  if (bytes.length === 1 && bytes >= '\x80') return escapeBytes(bytes);
  const character = Buffer.from(bytes, 'latin1').toString('utf8');
  return HIDDEN.test(character) ? escapeBytes(bytes) : character;
}

function escapeBytes(bytes: string): string {
  return Array.from(bytes, (byte) => `\\#${byte.charCodeAt(0).toString(8).padStart(3, '0')}`).join('');
}
