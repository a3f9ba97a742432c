/** The plan: where its records lie, in the order in which Syncing takes them. */
import { RecordRefs, refsIn } from './record-refs.ts';
import type { PlanRefs } from './plan-writer.ts';

export class Plan {
  readonly sections = new RecordRefs();
  readonly linkSections = new RecordRefs();
  readonly removals = new RecordRefs();
  readonly makeWayRemovals = new RecordRefs();
  readonly links = new RecordRefs();
  /** Destination inodes that groups of hard links keep, as device:inode. */
  readonly claimedInodes = new Set<string>();
  /** Directories by depth: a parent is at a lesser one. */
  readonly directoryLevels: RecordRefs[] = [];
  readonly makeWayLevels: RecordRefs[] = [];
  readonly respellingLevels: RecordRefs[] = [];
  readonly claimLevels: RecordRefs[] = [];

  take(refs: PlanRefs): void {
    this.sections.append(refs.sections);
    this.linkSections.append(refs.linkSections);
    this.removals.append(refs.removals);
    this.makeWayRemovals.append(refs.makeWayRemovals);
    this.links.append(refs.links);
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
