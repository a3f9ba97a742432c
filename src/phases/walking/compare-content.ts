/** Compares what is in a file's two sides: bytes of files, targets of symbolic links. */
import { compareContents, type ContentComparison } from '../../filesystem/compare-contents.ts';
import { haveSameBytes, type RangeRequest } from '../../filesystem/compare-range.ts';
import { dropCache } from '../../filesystem/content-digest.ts';
import { readLinkTarget } from '../../filesystem/link-target.ts';
import { expectSequentialReads, openForReading, withFile } from '../../filesystem/open-file.ts';
import type { OpenFile } from '../../filesystem/root.ts';
import type { Side } from '../../model/task.ts';
import type { Entry } from '../../model/entry.ts';
import type { WorkerContext } from '../worker-context.ts';
import { atSide } from './both-sides.ts';
import type { NamePair } from './compare-attributes.ts';

/** NFS: the client's cache may hold what the server no longer does: read from the server where asked. */
export async function compareFiles(
  context: WorkerContext,
  pair: NamePair,
  reading: {
    source: Entry;
    fromServer: boolean;
    withHoles?: boolean;
    onBytes: (count: number) => void;
  },
): Promise<ContentComparison> {
  const { source, destination } = context.setup;
  const { sizeBytes, blocks } = reading.source;
  return withBoth(context, pair, (sourceFile, destinationFile) =>
    compareContents(sourceFile, destinationFile, {
      digest: context.settings.digest,
      sizeBytes,
      blocks,
      digestsHoles: reading.withHoles === true,
      dropSourceCache: reading.fromServer && source.isRemote,
      dropDestinationCache: reading.fromServer && destination.isRemote,
      onBytes: reading.onBytes,
    }),
  );
}

/** Of the whole file, before its ranges are read: a part cannot drop what straddles its borders. */
export async function dropCaches(context: WorkerContext, pair: NamePair): Promise<void> {
  const { source, destination } = context.setup;
  if (!source.isRemote && !destination.isRemote) return;
  await withBoth(context, pair, async (sourceFile, destinationFile) => {
    if (source.isRemote) await dropCache(sourceFile);
    if (destination.isRemote) await dropCache(destinationFile);
  });
}

export async function compareRange(
  context: WorkerContext,
  pair: NamePair,
  request: RangeRequest,
): Promise<boolean> {
  return withBoth(context, pair, async (source, destination) => {
    await expectSequentialReads(source);
    await expectSequentialReads(destination);
    return haveSameBytes(source, destination, request);
  });
}

async function withBoth<T>(
  context: WorkerContext,
  pair: NamePair,
  use: (source: OpenFile, destination: OpenFile) => Promise<T>,
): Promise<T> {
  const keepAtime = context.settings.preserve.atime;
  const openSource = () => openForReading(pair.sourceDirectory, pair.name, keepAtime);
  const openDestination = () => openForReading(pair.destinationDirectory, pair.name, keepAtime);
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

/** Where both symbolic links point. @throws SystemError, with its side */
export async function readTargets(pair: NamePair): Promise<Record<Side, string>> {
  const { sourceDirectory, destinationDirectory, name } = pair;
  const source = await atSide('source', () => readLinkTarget(sourceDirectory, name));
  const destination = await atSide('destination', () => readLinkTarget(destinationDirectory, name));
  return { source, destination };
}
