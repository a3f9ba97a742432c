/** Sets the metadata of a destination name that is not open, whatever kind it is. */
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { withPathHandle } from '../../filesystem/set-mode.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { finishMetadata } from './finish-metadata.ts';

/** @param name the change's own, or that of the temporary it is made under @throws SystemError */
export async function finishNamed(unit: ApplyingUnit, place: ChangePlace, name: string): Promise<void> {
  const { change, source, destination } = place;
  await withPathHandle(destination, name, async (handle) =>
    finishMetadata(unit, {
      target: { isPathHandle: true, ...handle, path: pathOf(place) },
      source: change.source,
      actual: await readOpenEntry(handle),
      attributes: {
        sourceDirectory: source,
        sourceName: change.name,
        destinationDirectory: destination,
        destinationName: name,
      },
    }),
  );
}
