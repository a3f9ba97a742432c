/** The destination directory itself: to be made, or its metadata to be set once its contents are done. */
import { Difference, type Differences } from '../../model/change.ts';
import { itemize } from '../../policy/itemize.ts';
import { compareEntries } from '../../policy/compare.ts';
import { unkeptDifferences } from '../../policy/decide-change.ts';
import { problemFrom } from '../findings.ts';
import { sideOf } from '../walking/both-sides.ts';
import { compareAttributes } from '../walking/compare-attributes.ts';
import { retryInBoth } from '../walking/fresh-lookup.ts';
import type { PreparingUnit } from './unit.ts';
import type { PreparedPair } from './pair.ts';

interface PlannedContent {
  readonly isTouched: boolean;
  /** Its section makes it. */
  readonly isMade: boolean;
}

export async function planDirectory(
  unit: PreparingUnit,
  pair: PreparedPair,
  { isTouched, isMade }: PlannedContent,
): Promise<void> {
  const { context } = unit;
  const { path, source, destination } = pair;
  const differences = await directoryDifferences(unit, pair);
  if (destination === undefined) {
    context.counters.add('entriesToCreate', 1);
    const { entry } = source;
    const isClaimed = pair.rank === 'later';
    if (isClaimed) context.plan.directory({ action: 'claim', path, differences, entry });
    const action = isMade || isClaimed ? 'finishNew' : 'create';
    context.plan.directory({ action, path, differences, entry });
  } else {
    if (differences !== 0) context.counters.add('entriesToAdjust', 1);
    if (differences === 0 && !isTouched && !destination.didUnlock) return;
    context.plan.directory({ action: 'finish', path, differences, entry: source.entry });
  }
  if (differences !== 0) listDirectory(unit, pair, differences);
}

async function directoryDifferences(unit: PreparingUnit, pair: PreparedPair): Promise<Differences> {
  const { path, source, destination } = pair;
  if (destination === undefined) return Difference.missing;
  const { context } = unit;
  const fromStat =
    compareEntries(source.entry, destination.entry, context.rule) & ~unkeptDifferences(context.settings);
  if (source.directory === undefined) return fromStat;
  try {
    const held = { source: source.directory, destination: destination.directory };
    const fromAttributes = await retryInBoth(context, held, (sourceDirectory, destinationDirectory) =>
      compareAttributes(context, { sourceDirectory, destinationDirectory, name: '.' }),
    );
    return fromStat | fromAttributes;
  } catch (error) {
    const side = sideOf(error) ?? 'destination';
    unit.findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
    return fromStat;
  }
}

function listDirectory(unit: PreparingUnit, { path, source }: PreparedPair, differences: Differences): void {
  const { settings, setup } = unit.context;
  if (!settings.listChanges || setup.mayWrite) return;
  const action = (differences & Difference.missing) === 0 ? 'adjust' : 'write';
  unit.findings.listed.push({
    itemized: itemize(action, source.entry, differences, settings.preserve),
    path: path === '' ? './' : `${path}/`,
    sizeBytes: 0,
  });
}
