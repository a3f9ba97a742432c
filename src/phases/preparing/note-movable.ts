/** `--track-renames`: notes the extraneous files of a directory, which may be new files of the source under old names. */
import type { ByteString } from '../../model/byte-string.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { LANES_PER_DIRECTORY } from '../../model/concurrency.ts';
import { type Entry, hasSetIdBits, isFile } from '../../model/entry.ts';
import { isFull, type WorkerContext } from '../../engine/context/worker-context.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import type { PreparingScope } from './preparing-scope.ts';

/** Nothing is moved from one file system to another, and no name is taken from an inode that has several. */
function isMovable({ setup }: WorkerContext, entry: Entry): boolean {
  if (entry.linkCount !== 1 || entry.device !== setup.destination.device) return false;
  // Whose metadata cannot be set, and rights that a copy would not have.
  const isOurs = setup.rights.isRoot || entry.uid === setup.rights.uid;
  return isOurs && !hasSetIdBits(entry);
}

/** One that cannot be looked at is deleted like any other. PERF: one statx for each name, and only with the option. */
export async function noteMovable(
  scope: PreparingScope,
  directory: OpenDirectory,
  names: readonly ByteString[],
): Promise<void> {
  const { context } = scope;
  if (!context.settings.trackRenames) return;
  const laneCount = Math.min(context.laneCount, LANES_PER_DIRECTORY);
  await forEachLane(names, laneCount, async (name) => {
    const entry = new StatBuffer();
    if (context.stop.isRaised || (await statName(directory, name, entry)) < 0) return;
    if (!isFile(entry) || !isMovable(context, entry)) return;
    context.heartbeat.beat();
    context.plan.movable({ directoryPath: directory.path, name, entry });
    if (isFull(context)) scope.handOver?.();
  });
}
