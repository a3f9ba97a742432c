/** `--exclude-if-present`, `--exclude-caches`: directories that say by a file in them that they take no part. */
import type { ByteString } from '../../model/byte-string.ts';
import { readBlock } from '../../filesystem/block-io.ts';
import { readOpenEntry, statName } from '../../filesystem/entry-stat.ts';
import { closeRead, openForReading } from '../../filesystem/open-file.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check, ENOENT, isGone, isNoDirectory, SystemError } from '../../linux/system-error.ts';
import { isFile } from '../../model/entry.ts';
import type { Settings } from '../../model/settings.ts';
import type { Side } from '../../model/task.ts';
import { retrying } from '../context/retrying.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import type { Visitor } from './visitor.ts';

type TagSettings = Pick<Settings, 'excludeIfPresent' | 'excludeCaches'>;

/** As the specification of cache directories has it: bford.info/cachedir. */
const CACHE_TAG = 'CACHEDIR.TAG';
const CACHE_SIGNATURE = 'Signature: 8a477f597d28d172789f06886806bc55';

const NONE: readonly ByteString[] = [];
/** Whether it is tagged cannot be told. */
const UNKNOWN = '';

export function hasTags({ excludeIfPresent, excludeCaches }: TagSettings): boolean {
  return excludeCaches || excludeIfPresent.length > 0;
}

/** Which of a directory's subdirectories are tagged. PERF: asks nothing without the options. @param names sorted, as is the result */
export async function taggedDirectories(
  { context, freshness }: Pick<Visitor, 'context' | 'freshness'>,
  side: Side,
  { path, names }: { readonly path: ByteString; readonly names: readonly ByteString[] },
): Promise<readonly ByteString[]> {
  if (!hasTags(context.settings) || names.length === 0) return NONE;
  const tagged = new Set<ByteString>();
  await forEachLane(names, context.laneCount, async (name) => {
    const tag = await tagOf(context, side, { path: childPath(path, name), freshness });
    if (tag !== undefined) tagged.add(name);
  });
  return names.filter((name) => tagged.has(name));
}

/** Those of the source that take no part. What a list selects lies below others, whatever these hold. */
export async function taggedInSource(
  visitor: Pick<Visitor, 'context' | 'freshness'>,
  path: ByteString,
  directories: readonly ByteString[],
): Promise<readonly ByteString[]> {
  const { selection, settings } = visitor.context;
  if (!hasTags(settings)) return NONE;
  const names = directories.filter((name) => selection?.isOnTheWay(childPath(path, name)) !== true);
  return taggedDirectories(visitor, 'source', { path, names });
}

/** The name in it that leaves the directory out. */
export async function tagOf(
  context: WorkerContext,
  side: Side,
  { path, freshness }: { readonly path: ByteString; readonly freshness: Visitor['freshness'] },
): Promise<ByteString | undefined> {
  const { settings } = context;
  try {
    return await retrying(context, async () =>
      withDirectory(context[side], path, async (directory) => {
        for (const name of settings.excludeIfPresent) {
          const result = await statName(directory, name, new StatBuffer(), freshness);
          if (result !== -ENOENT) check(result, 'statx', childPath(path, name));
          if (result >= 0) return name;
        }
        return settings.excludeCaches && (await isCache(directory)) ? CACHE_TAG : undefined;
      }),
    );
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (isGone(error) || isNoDirectory(error)) return undefined;
    // The walk opens the source's directory and tells why it cannot; what is at the destination stays.
    return side === 'destination' ? UNKNOWN : undefined;
  }
}

async function isCache(directory: OpenDirectory): Promise<boolean> {
  const stat = new StatBuffer();
  const found = await statName(directory, CACHE_TAG, stat);
  if (found === -ENOENT) return false;
  check(found, 'statx', childPath(directory.path, CACHE_TAG));
  if (!isFile(stat)) return false;
  const file = await openForReading(directory, CACHE_TAG, true);
  try {
    if (!isFile(await readOpenEntry(file))) return false;
    const start = Buffer.alloc(CACHE_SIGNATURE.length);
    const count = await readBlock(file, start, 0);
    return start.toString('latin1', 0, count) === CACHE_SIGNATURE;
  } finally {
    await closeRead(file);
  }
}
