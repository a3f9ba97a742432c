/** `--out-format`: a line for each change, with rsync's escapes as far as they mean something between local trees. */
import type { ByteString } from '../../model/byte-string.ts';
import type { ListedChange } from '../../model/change.ts';
import { displayName } from '../../model/display-name.ts';
import { UsageError } from '../../model/run/errors.ts';
import { joinPath, linkText, nameText, verboseLine } from './sentences.ts';

/** A deleted name has no source. */
const VALUES: Readonly<Record<string, (change: ListedChange, source: ByteString) => string | number>> = {
  B: ({ source }) => (source === undefined ? '-'.repeat(9) : permissionsText(source.mode)),
  f: longName,
  G: ({ source }) => source?.gid ?? 0,
  i: ({ itemized }) => itemized.padEnd(11),
  l: ({ source, sizeBytes }) => String(source?.sizeBytes ?? sizeBytes),
  L: (change) => (change.linkedTo === undefined ? '' : ` ${linkText(change)}`),
  M: ({ source }) => timeText(new Date((source?.mtimeSec ?? 0) * 1000), '-'),
  n: nameText,
  o: ({ itemized }) => (itemized.startsWith('*deleting') ? 'del.' : 'send'),
  p: () => process.pid,
  t: () => timeText(new Date(), ' '),
  U: ({ source }) => source?.uid ?? 0,
};

const ESCAPE = /%(?<width>-?\d{0,3})(?<letter>[\s\S]?)/g;
/** They need the source's metadata. */
const OF_SOURCE = /%-?\d{0,3}[BGlMU]/;
/** They say what is done, so that no other word has to. */
const TELLS_DELETION = /%-?\d{0,3}[io]/;
const ITEMIZED = /%-?\d{0,3}i/;

/** @throws UsageError */
export function parseOutFormat(format: string): string {
  if (format === '') throw new UsageError('the format is empty');
  for (const { groups } of withoutPercents(format).matchAll(ESCAPE)) {
    const letter = groups?.['letter'] ?? '';
    if (Object.hasOwn(VALUES, letter)) continue;
    const known = Object.keys(VALUES).map((each) => `%${each}`);
    throw new UsageError(
      `it does not have %${displayName(letter)}, only ${known.join(' ')}, each also with a width such as %-10n, and %%`,
    );
  }
  return format;
}

export function usesSource(format: string): boolean {
  return OF_SOURCE.test(withoutPercents(format));
}

/** @param source the operand. Gives undefined for what rsync lists only if letters are shown. */
export function formatLines(
  format: string,
  source: ByteString,
): (change: ListedChange) => string | undefined {
  const escapes = withoutPercents(format);
  const [isItemized, tellsDeletion] = [ITEMIZED.test(escapes), TELLS_DELETION.test(escapes)];
  return (change) => {
    if (!isItemized && isMinor(change)) return undefined;
    if (change.itemized.startsWith('*') && !tellsDeletion) return verboseLine(change);
    return format
      .split('%%')
      .map((part) => lineOf(part, change, source))
      .join('%');
  };
}

function lineOf(format: string, change: ListedChange, source: ByteString): string {
  let line = '';
  let end = 0;
  for (const { index, 0: text, groups } of format.matchAll(ESCAPE)) {
    const [width, letter] = [groups?.['width'] ?? '', groups?.['letter'] ?? ''];
    line += displayName(format.slice(end, index)) + padded(VALUES[letter]?.(change, source) ?? '', width);
    end = index + text.length;
  }
  return line + displayName(format.slice(end));
}

/** As printf(3) does. */
function padded(value: string | number, width: string): string {
  const text = String(value);
  if (width.startsWith('-')) return text.padEnd(-Number(width));
  return text.padStart(Number(width), width.startsWith('0') && typeof value === 'number' ? '0' : ' ');
}

/** A percent sign must not make an escape of what follows it. */
function withoutPercents(format: string): string {
  return format.replaceAll('%%', '');
}

/** Only metadata is set, and not that of a directory; or it becomes a link to what is the same already. */
function isMinor({ itemized, isUnchanged }: ListedChange): boolean {
  return isUnchanged === true || /^\.[^d]/.test(itemized) || /^h.\s*$/.test(itemized);
}

/** With the source before it, without slashes at either end. */
function longName({ itemized, path }: ListedChange, source: ByteString): string {
  const below = path === '' || path === './' ? '.' : path;
  const whole = itemized.startsWith('*') ? path : joinPath(source, below);
  return displayName(
    whole
      .replaceAll(/\/+/g, '/')
      .replace(/^\/|^(?:\.\/)+/, '')
      .replace(/\/$/, ''),
  );
}

const SPECIAL_BITS = [
  { at: 2, bit: 0o4000, letter: 's' },
  { at: 5, bit: 0o2000, letter: 's' },
  { at: 8, bit: 0o1000, letter: 't' },
];

/** `rwxr-sr-t` */
function permissionsText(mode: number): string {
  const letters = Array.from('rwxrwxrwx', (letter, at) => ((mode & (0o400 >> at)) === 0 ? '-' : letter));
  for (const { at, bit, letter } of SPECIAL_BITS) {
    if ((mode & bit) !== 0) letters[at] = letters[at] === '-' ? letter.toUpperCase() : letter;
  }
  return letters.join('');
}

/** In the local time zone. */
function timeText(time: Date, between: string): string {
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('/');
  return date + between + [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
