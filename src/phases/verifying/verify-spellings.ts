/** Names that the destination lists otherwise, or has no place for: told by what is listed, as a lookup finds both. */
import type { Listing } from '../../filesystem/list-directory.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { describeTaken } from '../taken-names.ts';
import type { OpenSide } from '../walking/open-side.ts';
import { findSpellings } from '../walking/spellings.ts';
import { suspect, suspectUnread, type VerifyingUnit } from './unit.ts';

export interface Sides {
  readonly source: OpenSide;
  readonly destination: OpenSide;
  readonly keepsExtraneous: boolean;
}

/** The source without what is excluded, or taken for others; the destination as the source spells it. */
export async function verifySpellings(unit: VerifyingUnit, sides: Sides): Promise<Sides> {
  const { source, destination } = sides;
  const { context } = unit;
  const { deleteExcluded, existingOnly } = context.settings;
  const kept = withoutExcluded(unit, source);
  const spellings = await findSpellings(context, {
    source: deleteExcluded ? kept : source.listing,
    kept,
    destination,
    isThorough: !existingOnly,
  });
  if (spellings === undefined) return { ...sides, source: { ...source, listing: kept } };
  context.counters.add('otherSpellings', spellings.respelled.length);
  for (const { name, takenFor } of spellings.taken)
    suspectTaken(unit, childPath(source.directory.path, name), takenFor);
  for (const { name, error } of spellings.failures) {
    suspectUnread(unit, error, { path: childPath(source.directory.path, name), side: 'destination' });
  }
  return {
    ...sides,
    source: { ...source, listing: spellings.kept },
    destination: { ...destination, listing: spellings.destination ?? destination.listing },
  };
}

function withoutExcluded({ context }: VerifyingUnit, { directory, listing }: OpenSide): Listing {
  const { filter, selection } = context;
  if (filter === undefined) return listing;
  const pathOf = (name: string): string => childPath(directory.path, name);
  return {
    directories: listing.directories.filter(
      (name) => selection?.isOnTheWay(pathOf(name)) === true || !filter.isExcluded(pathOf(name), true),
    ),
    others: listing.others.filter((name) => !filter.isExcluded(pathOf(name), false)),
    incomplete: listing.incomplete,
  };
}

function suspectTaken(unit: VerifyingUnit, path: string, takenFor: string): void {
  suspect(unit, { class: 'name taken', path, differences: Difference.name, detail: describeTaken(takenFor) });
}
