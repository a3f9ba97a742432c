/** How far and how fast a phase is, from the counts, and the text of a progress line. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Settings } from '../../model/settings.ts';
import type { Tally } from '../../model/tally.ts';
import type { Phase } from '../../model/task.ts';
import { displayName } from '../../model/display-name.ts';
import { counted, formatBytes, formatClock, formatCount, formatDuration, formatRate } from './quantities.ts';

export interface Progress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** From 0 to 0.99; undefined if the total is unknown. */
  readonly fraction: number | undefined;
  /** The work of the phases that follow, where all of this phase is 1; undefined if nobody knows. */
  readonly later: number | undefined;
}

/** Even a small path costs round trips: over NFS about as much as this many bytes. */
const BYTES_PER_PATH = 65_536;
const ALMOST = 0.99;

type Verified = Pick<Settings, 'verify'>;

/** Never complete before the phase itself has ended. */
export function progressOf(phase: Phase, tally: Tally, settings: Verified | undefined): Progress {
  if (phase === 'syncing') return syncingProgress(tally, settings);
  if (phase === 'verifying') return verifyingProgress(tally, settings);
  return {
    files: tally.sourceFiles,
    totalFiles: 0,
    bytes: tally.sourceBytes,
    totalBytes: 0,
    fraction: undefined,
    later: undefined,
  };
}

function syncingProgress(tally: Tally, settings: Verified | undefined): Progress {
  const donePaths =
    tally.filesTransferred +
    tally.entriesCreated +
    tally.entriesAdjusted +
    tally.entriesLinked +
    tally.filesMoved +
    tally.entriesDeleted;
  const totalPaths =
    tally.filesToTransfer +
    tally.entriesToCreate +
    tally.entriesToAdjust +
    tally.entriesToLink +
    tally.filesToMove +
    tally.entriesToDelete;
  const work = workOf(totalPaths, tally.bytesToTransfer);
  return {
    files: tally.filesTransferred,
    totalFiles: tally.filesToTransfer,
    bytes: tally.bytesTransferred,
    totalBytes: tally.bytesToTransfer,
    fraction: fractionOf(workOf(donePaths, tally.bytesTransferred), work),
    later: work === 0 ? undefined : verifyingWork(tally, settings) / work,
  };
}

/** As if what is read on both sides took as long as what is read on one and written on the other. */
function verifyingWork(tally: Tally, settings: Verified | undefined): number {
  if (settings?.verify === 'none') return 0;
  const { totalFiles, totalBytes } = toVerify(tally, settings);
  return workOf(totalFiles, totalBytes);
}

/** `efs-sync verify` lists while it compares, so there is no total to show. */
function verifyingProgress(tally: Tally, settings: Verified | undefined): Progress {
  const { totalFiles, totalBytes } = toVerify(tally, settings);
  return {
    files: tally.filesVerified,
    totalFiles,
    bytes: tally.bytesVerified,
    totalBytes,
    fraction: fractionOf(workOf(tally.filesVerified, tally.bytesVerified), workOf(totalFiles, totalBytes)),
    later: 0,
  };
}

function toVerify(tally: Tally, settings: Verified | undefined): Pick<Progress, 'totalFiles' | 'totalBytes'> {
  return settings?.verify === 'transferred'
    ? {
        totalFiles: tally.filesToTransfer + tally.filesToMove,
        totalBytes: tally.bytesToTransfer + tally.bytesToMove,
      }
    : { totalFiles: tally.sourceFiles, totalBytes: tally.sourceBytes };
}

/** In bytes. */
function workOf(paths: number, bytes: number): number {
  return paths * BYTES_PER_PATH + bytes;
}

function fractionOf(done: number, total: number): number | undefined {
  return total === 0 ? undefined : Math.min(ALMOST, done / total);
}

export function waitingText(mountPoint: ByteString): string {
  return `waiting for ${displayName(mountPoint)}`;
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
  const time = timeLeftText(progress, speed);
  return [...parts, ...(time === undefined ? [] : [time])].join(', ');
}

/** "1:23 left", of the whole run: only about so much while another phase is to come. */
export function timeLeftText(
  { later = 0 }: Pick<Progress, 'later'>,
  { remainingSec }: Speed,
): string | undefined {
  if (remainingSec === undefined) return undefined;
  return `${later > 0 ? 'about ' : ''}${formatClock(remainingSec)} left`;
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
  const { entriesToCreate, entriesToAdjust, entriesToLink, filesToMove, entriesToDelete } = tally;
  const others = entriesToCreate + entriesToAdjust + entriesToLink + filesToMove + entriesToDelete;
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
  /** Of the run, not of its phase. Undefined while there is too little data. */
  readonly remainingSec: number | undefined;
  /** The mount point that most calls wait for. */
  readonly waitsFor?: ByteString | undefined;
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

  add(atMs: number, { bytes, fraction = 0, later = 0 }: Progress): Speed {
    const sample: Sample = { atMs, bytes, fraction };
    const samples = this.#samples;
    samples.push(sample);
    while (samples.length > 2 && atMs - (samples[1]?.atMs ?? atMs) >= WINDOW_MS) samples.shift();
    const first = samples[0] ?? sample;
    const elapsedSec = (atMs - first.atMs) / 1000;
    if (elapsedSec * 1000 < LEAST_MS) return { bytesPerSec: 0, remainingSec: undefined };
    const fractionPerSec = (fraction - first.fraction) / elapsedSec;
    return {
      bytesPerSec: (bytes - first.bytes) / elapsedSec,
      remainingSec: fractionPerSec > 0 ? (1 - fraction + later) / fractionPerSec : undefined,
    };
  }
}
