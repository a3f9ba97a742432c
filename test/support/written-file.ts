/** A file of the destination while `d/f` is copied to it. */
import type { WorkerContext } from '../../src/engine/context/worker-context.ts';
import { closeFailed } from '../../src/filesystem/destination/files.ts';
import { closeRead, openForReading } from '../../src/filesystem/open-file.ts';
import { Difference } from '../../src/model/change.ts';
import type { Entry } from '../../src/model/entry.ts';
import { openDestination, type DestinationFile } from '../../src/phases/syncing/files/destination-file.ts';
import type { ChangePlace } from '../../src/phases/syncing/names/change-place.ts';
import { newApplyingScope, type ApplyingScope } from '../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, withPlace } from './applying.ts';
import type { TwoTrees } from './march-context.ts';

export interface Writing {
  readonly context: WorkerContext;
  readonly differences: number;
  /** Fields in which the source's file differs. */
  readonly source: Partial<Entry>;
  readonly place: Partial<ChangePlace>;
}

type Use = (written: DestinationFile, place: ChangePlace, unit: ApplyingScope) => Promise<void> | void;

/** Closes the file unless `use` reports that it did. */
export async function withWritten(trees: TwoTrees, given: Partial<Writing>, use: Use): Promise<void> {
  const { context = trees.context(), differences = Difference.missing } = given;
  const source = { ...(await entryAt(trees.context(), 'source', 'd/f')), ...given.source };
  await withPlace(context, 'd/f', { differences, source }, async (plain) => {
    const place = { ...plain, ...given.place };
    const unit = newApplyingScope(context);
    const reading = await openForReading(place.source, 'f');
    try {
      const written = await openDestination(unit, place, reading);
      await use(written, place, unit);
      if (written.isOpen) await closeFailed(written.file);
    } finally {
      await closeRead(reading);
    }
  });
}
