/** The worker's side of `--track-renames`: whether the destination's file is what the new file of the source holds. */
import { Interrupted } from '../../model/run/errors.ts';
import { compareAttributes, type NamePair } from '../../engine/compare/compare-metadata.ts';
import { compareRange } from '../../engine/compare/compare-content.ts';
import { openBoth, useBoth } from '../../engine/march/both-sides.ts';
import { newFindings } from '../../engine/messages/findings.ts';
import type { ExamineMovesResult, ExamineMovesUnit } from '../../engine/messages/units.ts';
import { readersOf } from '../../engine/plan/binary.ts';
import { type MovePair, readMovePair } from '../../engine/plan/move-records.ts';
import { retrying } from '../../engine/context/retrying.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { throwIfStopped } from '../../flow/stop-flag.ts';
import { SystemError } from '../../linux/system-error.ts';
import type { Differences } from '../../model/change.ts';
import { compareEntries, decideAction } from '../../policy/compare/compare.ts';
import { haveSameQuick, rangesToRead } from '../../policy/compare/match-moves.ts';

export async function serveExamineMoves(
  context: WorkerContext,
  { records }: ExamineMovesUnit,
): Promise<ExamineMovesResult> {
  const fits: number[] = [];
  const differences: Differences[] = [];
  await forEachLane(readersOf(records), context.laneCount, async (reader) => {
    if (context.stop.isRaised) return;
    context.heartbeat.beat();
    const pair = readMovePair(reader);
    const found = await examine(context, pair);
    if (found === undefined) return;
    fits.push(pair.index);
    differences.push(found);
  });
  return { unit: 'examineMoves', findings: newFindings(), fits, differences };
}

/** What differs besides the name. Undefined: it is to be copied. */
async function examine(context: WorkerContext, pair: MovePair): Promise<Differences | undefined> {
  const { settings, rule } = context;
  const [source, destination] = [pair.source.entry, pair.destination.entry];
  if (!haveSameQuick(source, destination)) return undefined;
  const differences = compareEntries(source, destination, rule);
  if (decideAction(source, differences, settings) === 'write') return undefined;
  const all = await compareBoth(context, pair, differences);
  if (all === undefined || decideAction(source, all, settings) === 'write') return undefined;
  return all;
}

/** Undefined: their contents differ, or cannot be compared. Copying tells of a file that cannot be read. */
async function compareBoth(
  context: WorkerContext,
  pair: MovePair,
  differences: Differences,
): Promise<Differences | undefined> {
  const { source, destination } = pair;
  try {
    return await retrying(context, async () => {
      const both = await openBoth(context, source.directoryPath, destination.directoryPath);
      return useBoth(both, async (sourceDirectory, destinationDirectory) => {
        const { name } = source;
        const names = { sourceDirectory, destinationDirectory, name, destinationName: destination.name };
        if (!(await haveSameContent(context, names, pair))) return undefined;
        return differences | (await compareAttributes(context, names, differences));
      });
    });
  } catch (error) {
    if (error instanceof SystemError || error instanceof Interrupted) return undefined;
    throw error;
  }
}

/** PERF: one worker reads a file, whatever its size. */
async function haveSameContent(context: WorkerContext, names: NamePair, pair: MovePair): Promise<boolean> {
  const { sizeBytes, blocks } = pair.source.entry;
  const onBytes = (): void => {
    throwIfStopped(context);
    context.heartbeat.beat();
  };
  for (const range of rangesToRead(sizeBytes, pair.isDoubtful)) {
    if (!(await compareRange(context, names, { sizeBytes, blocks, range, onBytes }))) return false;
  }
  return true;
}
