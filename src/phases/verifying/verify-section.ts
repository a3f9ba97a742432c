/** `--verify=transferred`: compares the entries that Syncing wrote or adjusted, and no others. */
import { withDirectory } from '../../filesystem/open-directory.ts';
import { forEachLane } from '../../flow/lanes.ts';
import type { Section } from '../plan/section.ts';
import { suspectUnread, type VerifyingUnit } from './unit.ts';
import { verifyEntry } from './verify-entry.ts';

export async function verifySection(unit: VerifyingUnit, section: Section, laneCount: number): Promise<void> {
  const { context } = unit;
  const path = section.directoryPath;
  let side: 'source' | 'destination' = 'source';
  try {
    await withDirectory(context.source, path, async (source) => {
      side = 'destination';
      await withDirectory(context.destination, path, (destination) =>
        forEachLane(section.changes, laneCount, async ({ name }) => {
          if (!context.stop.isRaised) await verifyEntry(unit, { source, destination, name }, true);
        }),
      );
    });
  } catch (error) {
    suspectUnread(unit, error, { path, side });
  }
}
