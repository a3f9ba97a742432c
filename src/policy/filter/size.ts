/** Sizes and rates as rsync writes them: `1.5m`, `2GiB`, `500kb`, `2g-1`. */
import { UsageError } from '../../errors.ts';
import { displayName } from '../../model/display-name.ts';

const SIZE = /^(?<number>\d+\.?\d*|\.\d+)(?:(?<unit>[bkmgtp])(?<form>b|ib)?)?(?<offset>[+-]1)?$/i;
const UNITS = 'bkmgtp';
const LARGEST_BYTES = 2 ** 63;
const SMALLEST_RATE_BYTES = 512;

/** Bytes. Plain numbers are bytes; `k` and `KiB` mean 1024, `kb` means 1000. */
export function parseSize(text: string): number {
  return parseWithUnit(text, 'b', 'a size');
}

/** Bytes a second, rounded to whole KiB as rsync does; plain numbers are KiB; 0 means no limit. */
export function parseRate(text: string): number {
  const bytesPerSec = parseWithUnit(text, 'k', 'a rate');
  if (bytesPerSec > 0 && bytesPerSec < SMALLEST_RATE_BYTES) {
    throw new UsageError(
      `the rate "${displayName(text)}" is too small: the least is ${SMALLEST_RATE_BYTES} bytes a second, 0 means no limit`,
    );
  }
  return Math.round(bytesPerSec / 1024) * 1024;
}

function parseWithUnit(text: string, defaultUnit: string, what: string): number {
  const parts = SIZE.exec(text)?.groups;
  if (parts === undefined) {
    throw new UsageError(
      `"${displayName(text)}" is not ${what}: write a number and perhaps a unit, such as 1.5m, 2GiB or 500kb`,
    );
  }
  const base = parts['form']?.toLowerCase() === 'b' ? 1000 : 1024;
  const power = UNITS.indexOf((parts['unit'] ?? defaultUnit).toLowerCase());
  const bytes = Math.trunc(Number(parts['number']) * base ** power) + Number(parts['offset'] ?? 0);
  if (bytes < 0) throw new UsageError(`"${displayName(text)}" is less than nothing`);
  if (bytes >= LARGEST_BYTES) throw new UsageError(`"${displayName(text)}" is too large: the most is 8191P`);
  return bytes;
}
