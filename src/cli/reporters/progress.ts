/** How far a phase is, from the counts. Never complete before the phase says that it has ended. */
import type { Settings } from '../../model/settings.ts';
import type { Tally } from '../../model/tally.ts';
import type { Phase } from '../../model/task.ts';

export interface Progress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** From 0 to 0.99; undefined where the total is not known. */
  readonly fraction: number | undefined;
}

/** A path costs round trips however small it is; this many bytes cost about as much over NFS. */
const BYTES_PER_PATH = 65_536;
const ALMOST = 0.99;

type Verified = Pick<Settings, 'verify'>;

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

/** `efs-sync verify` lists as it compares, so there is no total to show. */
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
