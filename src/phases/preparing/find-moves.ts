/** `--track-renames`: pairs new files of the source with extraneous files of the destination, by size, time and name. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfStopped } from '../../flow/stop-flag.ts';
import type { Run } from '../../engine/context/run.ts';
import { readMovable } from '../../engine/plan/move-records.ts';
import { Plan } from '../../engine/plan/plan.ts';
import type { PlanSpool } from '../../engine/plan/plan-spool.ts';
import { PlanWriter } from '../../engine/plan/plan-writer.ts';
import type { RecordRefs } from '../../engine/plan/record-refs.ts';
import { type PlannedChange, readSection, type Section } from '../../engine/plan/section.ts';
import {
  hasAlike,
  isTimeVague,
  matchMoves,
  mayHaveMoved,
  moveKey,
  sortKeys,
  type SortedKeys,
} from '../../policy/compare/match-moves.ts';

/** Of the destination, and of the source: a file takes about 50 bytes of memory. */
const MOST_FILES = 4 * 1024 * 1024;

const TOO_MANY =
  'more files than --track-renames keeps in memory (4,194,304): some that moved were copied and deleted instead';

/** Signals and the progress line have their turn in between. */
const SECTIONS_BETWEEN_TURNS = 1000;

export interface Pairs {
  readonly records: RecordRefs;
  /** The new file of each, in the order of the plan. */
  readonly places: Places;
}

/** Places of changes in the plan: the section of each, and its index there. */
interface Places {
  readonly sections: number[];
  readonly changes: number[];
}

/** @throws Interrupted */
export async function findPairs(run: Run, { sections, movable }: Plan): Promise<Pairs> {
  const { plan: spool } = run.spools;
  const weights = new Float64Array(Math.min(movable.count, MOST_FILES));
  const candidates = sortKeys(weights.map((_, index) => movable.at(index).weight));
  const wanted = await findWanted(run, sections, candidates);
  if (movable.count > MOST_FILES || wanted.keys.length === MOST_FILES) run.results.notes.push(TOO_MANY);
  const found = new Plan(spool);
  const writer = new PlanWriter();
  const places: Places = { sections: [], changes: [] };
  const read = sectionReader(spool, sections);
  for (const match of matchMoves(wanted.keys, candidates)) {
    const at = { section: wanted.sections[match.wanted], change: wanted.changes[match.wanted] } as Place;
    const { directoryPath, changes } = read(at.section);
    const { name, source: entry } = changes[at.change] as PlannedChange;
    writer.movePair({
      index: places.sections.length,
      isDoubtful: match.isDoubtful || isTimeVague(entry) || run.task.settings.checksum,
      source: { directoryPath, name, entry },
      destination: readMovable(spool.read(movable.at(match.candidate))),
    });
    places.sections.push(at.section);
    places.changes.push(at.change);
    if (writer.isFull) found.take(writer.takeRecords());
  }
  found.take(writer.takeRecords());
  return { records: found.movePairs, places };
}

interface Place {
  readonly section: number;
  readonly change: number;
}

interface Wanted extends Places {
  readonly keys: number[];
}

/** New files of which the destination has an extraneous one of the same size and time. @throws Interrupted */
async function findWanted(run: Run, sections: RecordRefs, candidates: SortedKeys): Promise<Wanted> {
  const wanted: Wanted = { keys: [], sections: [], changes: [] };
  if (candidates.keys.length === 0) return wanted;
  for (let index = 0; index < sections.count; index++) {
    if (index % SECTIONS_BETWEEN_TURNS === 0) {
      await nextTurn();
      throwIfStopped(run);
    }
    const { changes } = readSection(run.spools.plan.read(sections.at(index)));
    for (const [at, change] of changes.entries()) {
      if (!mayHaveMoved(change) || wanted.keys.length === MOST_FILES) continue;
      const key = moveKey(change.source, change.name);
      if (!hasAlike(candidates, key)) continue;
      wanted.keys.push(key);
      wanted.sections.push(index);
      wanted.changes.push(at);
    }
  }
  return wanted;
}

/** PERF: one after the other is asked for, many times each. */
function sectionReader(spool: PlanSpool, sections: RecordRefs): (index: number) => Section {
  let last: { readonly index: number; readonly section: Section } | undefined;
  return (index) => {
    if (last?.index !== index) last = { index, section: readSection(spool.read(sections.at(index))) };
    return last.section;
  };
}
