/** Compares what is in a file's two sides: bytes of files, targets of symbolic links. */
import { compareContents, type ContentComparison } from '../../filesystem/compare-contents.ts';
import { readLinkTarget } from '../../filesystem/link-target.ts';
import { openForReading, withFile } from '../../filesystem/open-file.ts';
import type { Entry } from '../../model/entry.ts';
import type { WorkerContext } from '../worker-context.ts';
import type { NamePair } from './compare-attributes.ts';

/** NFS: the client's cache may hold what the server no longer does: read from the server where asked. */
export async function compareFiles(
  context: WorkerContext,
  pair: NamePair,
  reading: { source: Entry; fromServer: boolean; onBytes: (count: number) => void },
): Promise<ContentComparison> {
  const { source, destination } = context.setup;
  const { sizeBytes, blocks } = reading.source;
  const keepAtime = context.settings.preserve.atime;
  return withFile(await openForReading(pair.sourceDirectory, pair.name, keepAtime), async (sourceFile) =>
    withFile(await openForReading(pair.destinationDirectory, pair.name), async (destinationFile) =>
      compareContents(sourceFile, destinationFile, {
        digest: context.settings.digest,
        sizeBytes,
        blocks,
        dropSourceCache: reading.fromServer && source.isRemote,
        dropDestinationCache: reading.fromServer && destination.isRemote,
        onBytes: reading.onBytes,
      }),
    ),
  );
}

export async function haveSameTarget(pair: NamePair): Promise<boolean> {
  const source = await readLinkTarget(pair.sourceDirectory, pair.name);
  return source === (await readLinkTarget(pair.destinationDirectory, pair.name));
}
