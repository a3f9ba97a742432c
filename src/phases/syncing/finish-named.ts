/** Sets the metadata of a destination name that is not open, whatever kind it is. */
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { withPathHandle, type PathHandle } from '../../filesystem/set-mode.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isFile, type Entry } from '../../model/entry.ts';
import type { Side } from '../../model/task.ts';
import { compareEntries } from '../../policy/compare.ts';
import { problemOf } from '../findings.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { finishMetadata, keepsAttributes } from './finish-metadata.ts';

/**
 * False, with a Problem: the name holds something else by now, on either side.
 * @param name the change's own, or that of the temporary it is made under @throws SystemError
 */
export async function finishNamed(unit: ApplyingUnit, place: ChangePlace, name: string): Promise<boolean> {
  return withPathHandle(place.destination, name, async (handle) => {
    const actual = await readOpenEntry(handle);
    if (isReplaced(unit, place, actual)) return addReplaced(unit, place, 'destination');
    return withAttributeSource(unit, place, async (attributeSource) => {
      await finishMetadata(unit, {
        target: { isPathHandle: true, ...handle, path: pathOf(place) },
        source: place.change.source,
        actual,
        attributeSource,
        isOurs: place.change.action === 'write' || !isFile(actual),
      });
      return true;
    });
  });
}

/** Whoever may write in the directory may put another inode there: what it is given would not be its due. */
function isReplaced({ context }: ApplyingUnit, { change }: ChangePlace, actual: Entry): boolean {
  const differences = compareEntries(change.source, actual, context.rule);
  return (differences & unexpectedOf(change)) !== 0;
}

function unexpectedOf({ action, differences }: ChangePlace['change']): Differences {
  const { kind, content, size, mtime } = Difference;
  return action === 'adjust' ? (kind | content | size | mtime) & ~differences : kind | content;
}

/** Only for its extended attributes. */
async function withAttributeSource(
  unit: ApplyingUnit,
  place: ChangePlace,
  use: (source: PathHandle | undefined) => Promise<boolean>,
): Promise<boolean> {
  const { source, change, at } = place;
  if (!keepsAttributes(unit)) return use(undefined);
  at.side = 'source';
  return withPathHandle(source, change.name, async (handle) => {
    const { inode } = await readOpenEntry(handle);
    at.side = 'destination';
    return inode === change.source.inode ? use(handle) : addReplaced(unit, place, 'source');
  });
}

function addReplaced(unit: ApplyingUnit, place: ChangePlace, side: Side): false {
  const at = { phase: 'syncing', side, path: pathOf(place), attempt: 'set the metadata of' } as const;
  const problemClass = side === 'source' ? 'changed' : 'failed';
  unit.findings.problems.push(problemOf(problemClass, at, 'something else has taken its name meanwhile'));
  return false;
}
