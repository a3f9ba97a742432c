/** Changes metadata only: no data moves and the inode stays. */
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { withPathHandle } from '../../filesystem/set-mode.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { finishMetadata } from './finish-metadata.ts';

/** @throws SystemError */
export async function adjustEntry(unit: ApplyingUnit, place: ChangePlace): Promise<void> {
  const { change, source, destination } = place;
  await withPathHandle(destination, change.name, async (handle) =>
    finishMetadata(unit, {
      target: { ...handle, path: pathOf(place), isPathHandle: true },
      source: change.source,
      actual: await readOpenEntry(handle),
      attributes: {
        sourceDirectory: source,
        sourceName: change.name,
        destinationDirectory: destination,
        destinationName: change.name,
      },
    }),
  );
}
