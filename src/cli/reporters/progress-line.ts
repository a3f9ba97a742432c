/** The words of a progress line: what the terminal shows beside the bar and logs show by themselves. */
import type { Tally } from '../../model/tally.ts';
import type { Phase } from '../../model/task.ts';
import {
  counted,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatRate,
} from '../format/units.ts';
import type { Progress } from './progress.ts';
import type { Speed } from './speed-meter.ts';

/** What Preparing knows so far. */
export function preparingText(tally: Tally): string {
  const files = `${counted(tally.filesToTransfer, 'file')} (${formatBytes(tally.bytesToTransfer)})`;
  return `${counted(tally.sourceEntries, 'entry', 'entries')} listed; ${files} to transfer`;
}

/** "12 of 345 files, 1.20 MiB of 3.40 GiB, 45.0 MiB/s, 1:23 left" */
export function progressText(progress: Progress, speed: Speed): string {
  const parts = [outOf(progress.files, progress.totalFiles), outOfBytes(progress.bytes, progress.totalBytes)];
  if (speed.bytesPerSec > 0) parts.push(formatRate(speed.bytesPerSec));
  if (speed.remainingSec !== undefined) parts.push(`${formatClock(speed.remainingSec)} left`);
  return parts.join(', ');
}

/** The same for the end of a bar, which 80 columns may cut: what matters most first. */
export function barText({ files, totalFiles, bytes, totalBytes }: Progress, speed: Speed): string {
  const parts = [
    speed.remainingSec !== undefined && `${formatClock(speed.remainingSec)} left`,
    `${formatCount(files)}/${counted(totalFiles, 'file')}`,
    `${formatBytes(bytes)}/${formatBytes(totalBytes)}`,
    speed.bytesPerSec > 0 && formatRate(speed.bytesPerSec),
  ];
  return parts.filter(Boolean).join(', ');
}

/** What a phase came to, said when it ends. */
export function phaseEndText(phase: Phase, tally: Tally, elapsedMs: number): string {
  const time = formatDuration(elapsedMs);
  if (phase === 'preparing') return `${preparingText(tally)}${otherChanges(tally)} in ${time}`;
  const [files, bytes] =
    phase === 'syncing'
      ? [tally.filesTransferred, tally.bytesTransferred]
      : [tally.filesVerified, tally.bytesVerified];
  return `${counted(files, 'file')}, ${formatBytes(bytes)} in ${time}`;
}

function otherChanges(tally: Tally): string {
  const others = tally.entriesToCreate + tally.entriesToAdjust + tally.entriesToLink + tally.entriesToDelete;
  return others === 0 ? '' : `, ${counted(others, 'other change')}`;
}

function outOf(done: number, total: number): string {
  if (total === 0) return counted(done, 'file');
  return `${formatCount(done)} of ${counted(total, 'file')}`;
}

function outOfBytes(done: number, total: number): string {
  return total === 0 ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`;
}
