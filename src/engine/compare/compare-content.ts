/** Compares the content of a path's two sides: bytes of files, targets of symbolic links. */
import { compareContents, type ContentComparison } from '../../filesystem/compare/compare-contents.ts';
import { haveSameBytes, type RangeRequest } from '../../filesystem/compare/compare-range.ts';
import { dropCache } from '../../filesystem/compare/content-digest.ts';
import { readLinkTarget } from '../../filesystem/entry-stat.ts';
import { openForReading, withFile, expectSequentialReads } from '../../filesystem/open-file.ts';
import type { OpenFile } from '../../filesystem/root.ts';
import type { Settings } from '../../model/settings.ts';
import type { Side } from '../../model/task.ts';
import type { Entry } from '../../model/entry.ts';
import type { AttemptContext } from '../context/worker-context.ts';
import { atSide } from '../march/both-sides.ts';
import type { NamePair } from './compare-metadata.ts';

/** NFS: the client's cache may be stale, so reads go to the server if requested. */
export async function compareFiles(
  context: AttemptContext,
  pair: NamePair,
  reading: {
    source: Entry;
    destination: Entry;
    fromServer: boolean;
    needsDigests: boolean;
    onBytes: (count: number) => void;
  },
): Promise<ContentComparison> {
  const { source, destination } = context.setup;
  const { sizeBytes, blocks } = reading.source;
  const largestBytes = Math.max(sizeBytes, reading.destination.sizeBytes);
  return withBoth(context, pair, (sourceFile, destinationFile) =>
    compareContents(sourceFile, destinationFile, {
      digest: context.settings.digest,
      sizeBytes,
      largestBytes,
      blocks,
      readsHoles: readsEveryByte(context.settings),
      needsDigests: reading.needsDigests,
      dropSourceCache: reading.fromServer && source.isRemote,
      dropDestinationCache: reading.fromServer && destination.isRemote,
      onBytes: reading.onBytes,
    }),
  );
}

/**
 * Drops the caches of the whole file before its ranges are read: dropping one range would keep pages that
 * straddle its ends.
 */
export async function dropCaches(context: AttemptContext, pair: NamePair): Promise<void> {
  const { source, destination } = context.setup;
  if (!source.isRemote && !destination.isRemote) return;
  await withBoth(context, pair, async (sourceFile, destinationFile) => {
    if (source.isRemote) await dropCache(sourceFile);
    if (destination.isRemote) await dropCache(destinationFile);
  });
}

/** Evidence for others must cover every byte, holes included. */
export function readsEveryByte({ digest, listVerified }: Settings): boolean {
  return digest === 'sha256' || listVerified;
}

export async function compareRange(
  context: AttemptContext,
  pair: NamePair,
  request: Omit<RangeRequest, 'readsHoles'>,
): Promise<boolean> {
  return withBoth(context, pair, async (source, destination) => {
    await expectSequentialReads(source);
    await expectSequentialReads(destination);
    return haveSameBytes(source, destination, { readsHoles: readsEveryByte(context.settings), ...request });
  });
}

async function withBoth<T>(
  context: AttemptContext,
  pair: NamePair,
  use: (source: OpenFile, destination: OpenFile) => Promise<T>,
): Promise<T> {
  const keepAtime = context.settings.preserve.atime;
  const openSource = () => openForReading(pair.sourceDirectory, pair.name, keepAtime);
  const openDestination = () =>
    openForReading(pair.destinationDirectory, pair.destinationName ?? pair.name, keepAtime);
  return withFile(await atSide('source', openSource), async (source) =>
    withFile(await atSide('destination', openDestination), (destination) =>
      use(ofSide(source, 'source'), ofSide(destination, 'destination')),
    ),
  );
}

function ofSide({ linux, fd, path }: OpenFile, side: Side): OpenFile {
  return { linux, fd, path, side };
}

export async function haveSameTarget(pair: NamePair): Promise<boolean> {
  const { source, destination } = await readTargets(pair);
  return source === destination;
}

/** The targets of both symbolic links. @throws SystemError, with its side */
export async function readTargets(pair: NamePair): Promise<Record<Side, string>> {
  const { sourceDirectory, destinationDirectory, name } = pair;
  const source = await atSide('source', () => readLinkTarget(sourceDirectory, name));
  const destination = await atSide('destination', () => readLinkTarget(destinationDirectory, name));
  return { source, destination };
}
