/** Names that the destination spells otherwise, or takes for others: planned before anything is compared. */
import { childPath } from '../../filesystem/root.ts';
import { differsInFormOnly } from '../../policy/folded-name.ts';
import { findSpellings, type Spellings } from '../walking/spellings.ts';
import { problemFrom } from '../findings.ts';
import { problemOfTaken, tellsTaken } from '../taken-names.ts';
import { listRespelling } from './list-change.ts';
import type { SectionWriter } from '../plan/plan-writer.ts';
import type { PreparedPair, Rivals } from './pair.ts';
import type { PreparingUnit } from './unit.ts';

export interface SpelledPair {
  readonly kept: PreparedPair;
  readonly rivals: Rivals | undefined;
  /** Names in the directory change. */
  readonly isTouched: boolean;
}

export async function planSpellings(
  unit: PreparingUnit,
  { listed, kept }: { listed: PreparedPair; kept: PreparedPair },
): Promise<SpelledPair> {
  const { context } = unit;
  const { source, destination, path } = kept;
  const spellings = await findSpellings(context, {
    source: context.settings.deleteExcluded ? source.listing : listed.source.listing,
    kept: source.listing,
    destination,
    isThorough: false,
  });
  if (spellings === undefined) return { kept, rivals: undefined, isTouched: false };
  tellTaken(unit, path, spellings);
  tellFailures(unit, path, spellings);
  const isTouched = planRespelling(unit, path, spellings);
  const { rivals: names } = spellings;
  return {
    kept: spelledPair(kept, spellings),
    isTouched,
    rivals: names.size === 0 ? undefined : { names, section: rivalSection(unit, kept) },
  };
}

function spelledPair(kept: PreparedPair, spellings: Spellings): PreparedPair {
  const { source, destination } = kept;
  const { kept: sourceListing, destination: destinationListing } = spellings;
  return {
    ...kept,
    // What could not be looked up may be any of the names that are to go.
    keepsExtraneous: kept.keepsExtraneous || spellings.failures.length > 0,
    source: { ...source, listing: sourceListing },
    destination: destination && { ...destination, listing: destinationListing ?? destination.listing },
  };
}

/** After all others: by then their twins are there. */
function rivalSection({ context }: PreparingUnit, { path, source }: PreparedPair): SectionWriter {
  const directoryNames = source.listing.others.length;
  return context.plan.section({ directoryPath: path, directoryNames }, 'linkSections');
}

function tellTaken({ context, findings }: PreparingUnit, path: string, { taken }: Spellings): void {
  context.counters.add('skippedEntries', taken.length);
  if (!tellsTaken(context)) return;
  for (const { name, takenFor } of taken) {
    const at = { phase: 'preparing', path: childPath(path, name) } as const;
    findings.problems.push(problemOfTaken('copy', at, takenFor));
  }
}

function tellFailures({ findings }: PreparingUnit, path: string, { failures }: Spellings): void {
  for (const { name, error } of failures) {
    const at = { phase: 'preparing', side: 'destination', path: childPath(path, name) } as const;
    findings.problems.push(problemFrom(error, { ...at, attempt: 'compare' }));
  }
}

/** `--ignore-existing` leaves the spelling of what exists, too. */
function planRespelling(unit: PreparingUnit, path: string, { respelled }: Spellings): boolean {
  const { context } = unit;
  if (respelled.length === 0 || context.settings.overwrite === 'never') return false;
  context.plan.respelling({ directoryPath: path, respelled });
  for (const each of respelled) {
    // Whether the destination takes the other form is known once it was tried.
    if (differsInFormOnly(each.listed, each.name)) continue;
    context.counters.add('entriesToAdjust', 1);
    listRespelling(unit, childPath(path, each.name));
  }
  return true;
}
