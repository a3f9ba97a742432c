/** `--verify=transferred`: compares the entries that Syncing wrote or adjusted, and no others. */
import { forEachLane } from '../../flow/lanes.ts';
import { stateHash } from '../../policy/fingerprint.ts';
import type { Section } from '../plan/section.ts';
import { withBothDirectories } from '../walking/both-sides.ts';
import { suspectUnread, type VerifyingUnit } from './unit.ts';
import { verifyEntry } from './verify-entry.ts';

type SectionUnit = Omit<VerifyingUnit, 'preparedState'>;

export async function verifySection(unit: SectionUnit, section: Section, laneCount: number): Promise<void> {
  const { context } = unit;
  const path = section.directoryPath;
  try {
    await withBothDirectories(context, path, (source, destination) =>
      forEachLane(section.changes, laneCount, async (change) => {
        if (context.stop.isRaised) return;
        const preparedState = stateHash(change.source);
        await verifyEntry({ preparedState, ...unit }, { source, destination, name: change.name }, true);
      }),
    );
  } catch (error) {
    suspectUnread(unit, error, { path, side: 'destination' });
  }
}
