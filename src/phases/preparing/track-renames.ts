/**
 * `--track-renames`, once the plan is whole: new files of the source that the destination has under an extraneous name
 * are to be moved there, not copied.
 */
import type { ByteString } from '../../model/byte-string.ts';
import type { Differences } from '../../model/change.ts';
import { throwIfStopped } from '../../flow/stop-flag.ts';
import { childPath } from '../../filesystem/root.ts';
import { distributeRecords } from '../../engine/context/distribute-records.ts';
import { type Run, runUnit, tellChange } from '../../engine/context/run.ts';
import { readMovePair } from '../../engine/plan/move-records.ts';
import { Plan } from '../../engine/plan/plan.ts';
import { PlanWriter } from '../../engine/plan/plan-writer.ts';
import { type PlannedChange, readSection } from '../../engine/plan/section.ts';
import { mayHaveMoved } from '../../policy/compare/match-moves.ts';
import { listedChange } from '../../policy/compare/listed-change.ts';
import { findPairs, type Pairs } from './find-moves.ts';

/** Gives the old paths, where deletions are listed before they are made. @throws FatalError, Interrupted */
export async function trackRenames(run: Run, plan: Plan): Promise<ReadonlySet<ByteString>> {
  const pairs = await findPairs(run, plan);
  plan.movable.clear();
  const differences = await examine(run, pairs);
  planMoves(run, plan, { pairs, differences });
  const { listChanges, dryRun } = run.task.settings;
  return listChanges && dryRun ? listNewFiles(run, plan) : new Set();
}

const NO_MOVE = 0xffff;

/** For each pair, what differs besides the name; or that it is none. */
async function examine(run: Run, { records }: Pairs): Promise<Uint16Array> {
  const differences = new Uint16Array(records.count).fill(NO_MOVE);
  await distributeRecords(run, records, {
    jobsAtOnce: 0,
    begin: async (packed) => {
      const result = await runUnit(run, { unit: 'examineMoves', ...packed });
      for (const [at, index] of result.fits.entries())
        differences[index] = result.differences[at] as Differences;
      return [];
    },
  });
  throwIfStopped(run);
  return differences;
}

interface Moves {
  readonly pairs: Pairs;
  readonly differences: Uint16Array;
}

/** Writes the sections in which something moves anew. */
function planMoves(run: Run, plan: Plan, { pairs, differences }: Moves): void {
  const { plan: spool } = run.spools;
  const { records, places } = pairs;
  const writer = new PlanWriter();
  const rewritten: number[] = [];
  const added = new Plan(spool);
  for (let start = 0; start < records.count;) {
    const index = places.sections[start] as number;
    const moves = new Map<number, PlannedChange>();
    let end = start;
    for (; end < records.count && places.sections[end] === index; end++) {
      if (differences[end] === NO_MOVE) continue;
      const { source, destination } = readMovePair(spool.read(records.at(end)));
      moves.set(places.changes[end] as number, {
        action: 'move',
        name: source.name,
        differences: differences[end] as Differences,
        source: source.entry,
        leaderPath: childPath(destination.directoryPath, destination.name),
        staleInode: destination.entry.inode,
      });
    }
    start = end;
    if (moves.size === 0) continue;
    rewritten.push(index);
    rewrite(writer, readSection(spool.read(plan.sections.at(index))), moves);
    countMoves(run, moves);
    if (writer.isFull) added.take(writer.takeRecords());
  }
  added.take(writer.takeRecords());
  for (const [at, index] of rewritten.entries()) plan.sections.replace(index, added.sections.at(at));
}

/** It has no more changes, and none that weighs more: it remains one section. */
function rewrite(
  writer: PlanWriter,
  { changes, makes, ...directory }: ReturnType<typeof readSection>,
  moves: ReadonlyMap<number, PlannedChange>,
): void {
  const section = writer.section(directory);
  for (const [at, change] of changes.entries()) {
    const planned = moves.get(at) ?? change;
    section.add(planned, planned);
  }
  if (makes === undefined) section.end();
  else if (!section.endMaking(makes)) throw new Error(`the section of ${directory.directoryPath} was cut`);
}

/** A moved file is no deletion. */
function countMoves({ counters }: Run, moves: ReadonlyMap<number, PlannedChange>): void {
  for (const { source } of moves.values()) {
    counters.add('filesToMove', 1);
    counters.add('bytesToMove', source.sizeBytes);
    counters.add('filesToTransfer', -1);
    counters.add('bytesToTransfer', -source.sizeBytes);
    counters.add('entriesToDelete', -1);
  }
}

/** A dry run lists new files now that it is known which have moved. */
function listNewFiles(run: Run, { sections }: Plan): Set<ByteString> {
  const moved = new Set<ByteString>();
  for (let index = 0; index < sections.count; index++) {
    const { directoryPath, changes } = readSection(run.spools.plan.read(sections.at(index)));
    for (const change of changes) {
      const isMove = change.action === 'move';
      if (!isMove && !mayHaveMoved(change)) continue;
      const from = isMove ? { linkedTo: change.leaderPath } : {};
      const listed = { ...change, ...from, path: childPath(directoryPath, change.name) };
      tellChange(run, listedChange(listed, run.task.settings));
      if (isMove) moved.add(change.leaderPath);
    }
  }
  return moved;
}
