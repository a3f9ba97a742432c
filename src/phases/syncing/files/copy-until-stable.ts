/** Copies content from a source that may be in use: until one version of it is whole, or it will not stay the same. */
import { haveSameBytes } from '../../../filesystem/compare/compare-range.ts';
import { closeRead, openSameForReading } from '../../../filesystem/open-file.ts';
import type { OpenFile } from '../../../filesystem/root.ts';
import { type Entry, isFile } from '../../../model/entry.ts';
import { throwIfStopped } from '../../../flow/stop-flag.ts';
import type { ApplyingScope } from '../scope/applying-scope.ts';
import { copyContent, type CopiedContent } from '../../../filesystem/copy/copy-content.ts';
import {
  refuseUncountable,
  statOpen,
  type Freshness,
  type StatPair,
} from '../../../filesystem/entry-stat.ts';
import { snapshotOf } from '../../../linux/stat-buffer.ts';
import { check } from '../../../linux/system-error.ts';
import { flushFile } from '../../../filesystem/flush/flush-file.ts';
import { sleep } from '../../../flow/sleep.ts';
import { hasGrown, isSameVersion, isUnsettled, stateHash } from '../../../policy/compare/fingerprint.ts';
import { takeMode } from '../../../engine/context/compare-rule.ts';
import { problemOf } from '../../../engine/messages/findings.ts';
import { pathOf, type ChangePlace } from '../names/change-place.ts';
import type { DestinationFile } from './destination-file.ts';
import type { TransferCount } from '../scope/transfer-count.ts';

/** Tries in all for a source that changes while it is copied. */
const COPY_TRIES = 3;

/**
 * A write changes ctime before the content, and kernels before 6.13 count ctime in ticks of up to 10 ms. If a
 * file's ctime is older than this when its copy begins, later writes are sure to show.
 */
const SETTLE_MS = 20;

export interface Copying {
  readonly source: OpenFile;
  readonly destination: DestinationFile;
  readonly stats: StatPair;
  readonly count: TransferCount;
  /** The source had just changed when its first range was begun. Undefined: its copy begins now. */
  readonly isYoung?: boolean;
  /** Replaces the first copy: gives the content that all workers have written. */
  readonly takeParts?: () => Promise<CopiedContent>;
}

/**
 * Gives the version that was copied completely; the source is checked again after its last byte. Undefined,
 * with a Problem: it kept changing, or could not be read to its end. A crash of the machine could leave a
 * file that only looks complete. In that case the content is flushed before the mtime is set, which marks it
 * as complete.
 */
export async function copyUntilStable(
  scope: ApplyingScope,
  place: ChangePlace,
  copying: Copying,
): Promise<Entry | undefined> {
  const { source, stats, count, takeParts } = copying;
  let version = place.change.source;
  let isYoung = copying.isYoung ?? isUnsettled(version, Date.now());
  const freshness = freshnessOfLastLook(scope);
  for (let tries = 1; ; tries++) {
    const startBytes = tries > 1 ? 0 : (copying.destination.resumedBytes ?? 0);
    const { writtenBytes, endBytes, growsInOrder } =
      tries === 1 && takeParts !== undefined
        ? await takeParts()
        : await copyVersion(scope, copying, { version, startBytes, isAgain: tries > 1 });
    count.addWritten(writtenBytes);
    place.at.side = 'source';
    check(await statOpen(source, stats.source, freshness), 'statx', source.path);
    place.at.side = 'destination';
    const isSame = isSameVersion(version, stats.source);
    if (isSame && endBytes === version.sizeBytes) {
      if (scope.context.settings.fsync || !growsInOrder) await flush(scope, copying.destination, endBytes);
      if (isYoung && scope.context.settings.verify === 'none') {
        scope.findings.unsettled.push({ path: pathOf(place), state: stateHash(version) });
      }
      return version;
    }
    if (!isFile(stats.source) || tries === COPY_TRIES) {
      const endsEarly = endBytes < version.sizeBytes;
      if (!endsEarly && (await keepsBeginning(scope, copying, version))) {
        addGrown(scope, place, version.sizeBytes);
        return version;
      }
      addUnstable(scope, place, { isSame, endsEarly });
      return undefined;
    }
    refuseUncountable(stats.source, source.path);
    takeMode(scope.context, stats.source);
    version = snapshotOf(stats.source);
    isYoung = true;
    count.takeBack();
    await sleep(SETTLE_MS);
  }
}

function copyVersion(
  { context }: ApplyingScope,
  { source, destination, count }: Copying,
  { version, startBytes, isAgain }: { version: Entry; startBytes: number; isAgain: boolean },
): Promise<CopiedContent> {
  return copyContent(source, destination.file, {
    sizeBytes: version.sizeBytes,
    blocks: version.blocks,
    inPlace: destination.inPlace || isAgain,
    makesHoles: context.settings.sparse,
    startBytes,
    pace: count.pace,
    onBytes: (bytes) => count.add(bytes),
  });
}

/** NFS: Verifying asks the server. Without Verifying, this is the last check of the source. */
function freshnessOfLastLook({ context }: ApplyingScope): Freshness {
  const isLast = context.settings.verify === 'none';
  return isLast && !context.setup.source.readsBringAttributes ? 'server' : 'cached';
}

async function flush(
  { context }: ApplyingScope,
  { file }: DestinationFile,
  sizeBytes: number,
): Promise<void> {
  await flushFile(file, sizeBytes, () => throwIfStopped(context));
}

/**
 * The file was copied up to its size when the last copy began, and has only been appended to since: its content at one
 * moment is a valid copy, if only its end has moved.
 */
async function keepsBeginning(
  scope: ApplyingScope,
  { source, destination, stats }: Copying,
  version: Entry,
): Promise<boolean> {
  if (!isFile(stats.source) || !hasGrown(version, stats.source)) return false;
  if (!(await beginsWith(scope, source, { written: destination.file, version }))) return false;
  await flush(scope, destination, version.sizeBytes);
  return true;
}

/**
 * Whether the source still begins with everything that was copied: then it held exactly that when its copy
 * ended. Reads both again, as nothing else proves it.
 * @param written open for writing @throws SystemError, Interrupted
 */
async function beginsWith(
  { context }: ApplyingScope,
  source: OpenFile,
  { written, version }: { written: OpenFile; version: Entry },
): Promise<boolean> {
  const copy = await openSameForReading(written);
  // A user who may write a file may still be unable to read it: then nothing is proven.
  if (copy === undefined) return false;
  const { sizeBytes, blocks } = version;
  const onBytes = (): void => {
    context.heartbeat.beat();
    throwIfStopped(context);
  };
  try {
    const range = { offset: 0, end: sizeBytes };
    return await haveSameBytes(source, copy, { sizeBytes, blocks, range, onBytes });
  } finally {
    await closeRead(copy);
  }
}

function addGrown(scope: ApplyingScope, place: ChangePlace, sizeBytes: number): void {
  const at = { phase: 'syncing', side: 'source', path: pathOf(place), attempt: 'copy all' } as const;
  const reason = `it kept growing during the copy; its first ${sizeBytes} bytes are at the destination`;
  scope.findings.problems.push(problemOf('changed', at, reason));
}

function addUnstable(
  scope: ApplyingScope,
  place: ChangePlace,
  { isSame, endsEarly }: { isSame: boolean; endsEarly: boolean },
): void {
  const at = { phase: 'syncing', side: 'source', path: pathOf(place), attempt: 'copy' } as const;
  scope.findings.problems.push(
    isSame
      ? problemOf(
          'failed',
          at,
          `its file system returns ${endsEarly ? 'fewer' : 'more'} bytes than the size it reports`,
        )
      : problemOf('changed', at, 'it kept changing during the copy'),
  );
}
