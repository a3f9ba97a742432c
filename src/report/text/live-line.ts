/** The live line of a phase whose total is known: as much of it as a terminal has room for. */
import type { Phase } from '../../model/task.ts';
import { type Progress, type Speed, timeLeftText, waitingText } from './progress.ts';
import { capitalized, counted, formatBytes, formatCount, formatRate } from './quantities.ts';

const SHORTEST_BAR = 8;
const LONGEST_BAR = 28;
/** Its length changes in such steps, as a bar that moves with each digit beside it is restless. */
const BAR_STEP = 4;

/**
 * "Syncing 38% about 0:03 left ########......, 138/372 files, 510 KiB/1.36 MiB, 275 KiB/s": whole fields go from the right
 * where there is no room for them, and then the bar. One column stays free: some terminals wrap after the last.
 */
export function liveLine(phase: Phase, progress: Progress, speed: Speed, columns: number): string {
  const fraction = progress.fraction ?? 0;
  const time = timeLeftText(progress, speed);
  const head = `${capitalized(phase)} ${Math.floor(fraction * 100)}%${time === undefined ? '' : ` ${time}`}`;
  const fields = fieldsOf(progress, speed);
  for (let count = fields.length; count >= 0; count--) {
    const tail = fields
      .slice(0, count)
      .map((field) => `, ${field}`)
      .join('');
    const room = columns - 1 - head.length - 1 - tail.length;
    if (room >= SHORTEST_BAR)
      return `${head} ${barOf(fraction, Math.min(room - (room % BAR_STEP), LONGEST_BAR))}${tail}`;
  }
  return head.slice(0, Math.max(0, columns - 1));
}

/** The most important comes first. */
function fieldsOf(
  { files, totalFiles, bytes, totalBytes }: Progress,
  { bytesPerSec, waitsFor }: Speed,
): string[] {
  return [
    `${formatCount(files)}/${counted(totalFiles, 'file')}`,
    `${formatBytes(bytes)}/${formatBytes(totalBytes)}`,
    ...(bytesPerSec > 0 ? [formatRate(bytesPerSec)] : []),
    ...(waitsFor === undefined ? [] : [waitingText(waitsFor)]),
  ];
}

function barOf(fraction: number, length: number): string {
  const done = Math.floor(fraction * length);
  return '#'.repeat(done) + '.'.repeat(length - done);
}
