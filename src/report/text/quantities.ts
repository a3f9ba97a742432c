/** Formats numbers, sizes, rates and times for people. */

const SIZE_UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `counted(1, 'file')`: "1 file"; `counted(0, 'entry', 'entries')`: "0 entries". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

export function formatBytes(sizeBytes: number): string {
  if (sizeBytes < 1024) return counted(sizeBytes, 'byte');
  let value = sizeBytes / 1024;
  let unit = 0;
  // 1023.5 and more would be rounded to 1024 of this unit.
  while (value >= 1023.5 && unit < SIZE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${threeDigits(value)} ${SIZE_UNITS[unit]}`;
}

export function formatRate(bytesPerSec: number): string {
  return `${formatBytes(Math.round(bytesPerSec))}/s`;
}

/** "42 ms", "1.20 s", "12.3 s", "4 min 05 s", "2 h 04 min". */
export function formatDuration(elapsedMs: number): string {
  if (elapsedMs < 999.5) return `${Math.round(elapsedMs)} ms`;
  const seconds = elapsedMs / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  return `${formatCount(Math.floor(whole / 3600))} h ${twoDigits(Math.floor((whole % 3600) / 60))} min`;
}

/** A running clock: "0:07", "1:02:03". */
export function formatClock(totalSec: number): string {
  const whole = Math.max(0, Math.round(totalSec));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return hours > 0
    ? `${hours}:${twoDigits(minutes)}:${twoDigits(seconds)}`
    : `${minutes}:${twoDigits(seconds)}`;
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** A word or sentence for the start of a line: "Preparing", "Up to 10 KiB". */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function totalOf(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
