/** The plan: the positions of its records, in the order in which Syncing takes them. */
import { RecordRefs, refsIn } from './record-refs.ts';
import type { PlanSpool } from './plan-spool.ts';
import type { PlanRecords, PlanRefs } from './plan-writer.ts';
import type { Counts } from '../../flow/counters.ts';
import { type Change, Difference } from '../../model/change.ts';
import { isFile } from '../../model/entry.ts';
import type { CounterName } from '../../model/tally.ts';

export class Plan {
  readonly sections = new RecordRefs();
  readonly linkSections = new RecordRefs();
  readonly removals = new RecordRefs();
  readonly makeWayRemovals = new RecordRefs();
  readonly links = new RecordRefs();
  readonly movable = new RecordRefs();
  readonly movePairs = new RecordRefs();
  /** Destination inodes kept by groups of hard links, as device:inode. */
  readonly claimedInodes = new Set<string>();
  /** Directories by depth: a parent comes at a lesser depth. */
  readonly directoryLevels: RecordRefs[] = [];
  readonly makeWayLevels: RecordRefs[] = [];
  readonly respellingLevels: RecordRefs[] = [];
  readonly claimLevels: RecordRefs[] = [];

  readonly #spool: PlanSpool;

  constructor(spool: PlanSpool) {
    this.#spool = spool;
  }

  /** Gives the refs, for another plan that is to have the same records. */
  take(records: PlanRecords): PlanRefs {
    const refs = this.#spool.keep(records);
    this.add(refs);
    return refs;
  }

  add(refs: PlanRefs): void {
    this.sections.append(refs.sections);
    this.linkSections.append(refs.linkSections);
    this.removals.append(refs.removals);
    this.makeWayRemovals.append(refs.makeWayRemovals);
    this.links.append(refs.links);
    this.movable.append(refs.movable);
    this.movePairs.append(refs.movePairs);
    addByDepth(this.directoryLevels, refs.directories);
    addByDepth(this.makeWayLevels, refs.makeWayDirectories);
    addByDepth(this.respellingLevels, refs.respellings);
    addByDepth(this.claimLevels, refs.claims);
  }
}

/** A directory's weight is its depth. */
function addByDepth(levels: RecordRefs[], packed: Float64Array): void {
  for (const ref of refsIn(packed)) {
    while (levels.length <= ref.weight) levels.push(new RecordRefs());
    levels[ref.weight]?.push(ref);
  }
}

/** Counts a planned change by the work that Syncing will do. */
export function countPlanned(counters: Counts<CounterName>, change: Change): void {
  const isNew = (change.differences & (Difference.missing | Difference.kind)) !== 0;
  if (change.action === 'link') counters.add('entriesToLink', 1);
  else if (change.action === 'adjust') counters.add('entriesToAdjust', 1);
  else if (!isFile(change.source)) counters.add(isNew ? 'entriesToCreate' : 'entriesToAdjust', 1);
  else {
    counters.add('filesToTransfer', 1);
    counters.add('bytesToTransfer', change.source.sizeBytes);
  }
}
