/** How far and how fast a phase is, from the counts, and the text of a progress line. */
import type { Settings } from '../../model/settings.ts';
import type { Tally } from '../../model/tally.ts';
import type { Phase } from '../../model/task.ts';
import { counted, formatBytes, formatClock, formatCount, formatDuration, formatRate } from './quantities.ts';

export interface Progress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** From 0 to 0.99; undefined if the total is unknown. */
  readonly fraction: number | undefined;
}

/** Even a small path costs round trips: over NFS about as much as this many bytes. */
const BYTES_PER_PATH = 65_536;
const ALMOST = 0.99;

type Verified = Pick<Settings, 'verify'>;

/** Never complete before the phase itself has ended. */
export function progressOf(phase: Phase, tally: Tally, settings: Verified | undefined): Progress {
  if (phase === 'syncing') return syncingProgress(tally);
  if (phase === 'verifying') return verifyingProgress(tally, settings);
  return {
    files: tally.sourceFiles,
    totalFiles: 0,
    bytes: tally.sourceBytes,
    totalBytes: 0,
    fraction: undefined,
  };
}

function syncingProgress(tally: Tally): Progress {
  const donePaths =
    tally.filesTransferred +
    tally.entriesCreated +
    tally.entriesAdjusted +
    tally.entriesLinked +
    tally.entriesDeleted;
  const totalPaths =
    tally.filesToTransfer +
    tally.entriesToCreate +
    tally.entriesToAdjust +
    tally.entriesToLink +
    tally.entriesToDelete;
  return {
    files: tally.filesTransferred,
    totalFiles: tally.filesToTransfer,
    bytes: tally.bytesTransferred,
    totalBytes: tally.bytesToTransfer,
    fraction: fractionOf(donePaths, totalPaths, tally.bytesTransferred, tally.bytesToTransfer),
  };
}

/** `efs-sync verify` lists while it compares, so there is no total to show. */
function verifyingProgress(tally: Tally, settings: Verified | undefined): Progress {
  const onlyTransferred = settings?.verify === 'transferred';
  const totalFiles = onlyTransferred ? tally.filesToTransfer : tally.sourceFiles;
  const totalBytes = onlyTransferred ? tally.bytesToTransfer : tally.sourceBytes;
  return {
    files: tally.filesVerified,
    totalFiles,
    bytes: tally.bytesVerified,
    totalBytes,
    fraction: fractionOf(tally.filesVerified, totalFiles, tally.bytesVerified, totalBytes),
  };
}

function fractionOf(
  donePaths: number,
  totalPaths: number,
  doneBytes: number,
  totalBytes: number,
): number | undefined {
  const total = totalPaths * BYTES_PER_PATH + totalBytes;
  if (total === 0) return undefined;
  return Math.min(ALMOST, (donePaths * BYTES_PER_PATH + doneBytes) / total);
}

/** Preparing's counts so far. */
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

/** The result of a phase, printed when it ends. */
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

/** Rate and time left, from the last seconds: people want to know the current speed. */
export interface Speed {
  readonly bytesPerSec: number;
  /** Undefined while there is too little data. */
  readonly remainingSec: number | undefined;
}

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
  readonly fraction: number;
}

const WINDOW_MS = 15_000;
const LEAST_MS = 1000;

export class SpeedMeter {
  #samples: Sample[] = [];

  add(sample: Sample): Speed {
    const samples = this.#samples;
    samples.push(sample);
    while (samples.length > 2 && sample.atMs - (samples[1]?.atMs ?? sample.atMs) >= WINDOW_MS)
      samples.shift();
    const first = samples[0] ?? sample;
    const elapsedSec = (sample.atMs - first.atMs) / 1000;
    if (elapsedSec * 1000 < LEAST_MS) return { bytesPerSec: 0, remainingSec: undefined };
    const fractionPerSec = (sample.fraction - first.fraction) / elapsedSec;
    return {
      bytesPerSec: (sample.bytes - first.bytes) / elapsedSec,
      remainingSec: fractionPerSec > 0 ? (1 - sample.fraction) / fractionPerSec : undefined,
    };
  }
}
