/** Whether names that share an inode in the source share one at the destination, and no others do. */
import type { ByteString, Shown } from '../../model/byte-string.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { displayName } from '../../model/display-name.ts';
import { stateHash } from '../../policy/compare/fingerprint.ts';
import { linkLimitOf } from '../../policy/file-systems/destination-limits.ts';
import { inodesNeeded } from '../../policy/compare/decide-links.ts';
import { readLinkRecord, type LinkRecord } from '../../engine/plan/records.ts';
import { byPath, linkGroups, type LinkMember } from '../../engine/plan/link-groups.ts';
import type { RecordRefs } from '../../engine/plan/record-refs.ts';
import { noteSplit, sourceGroupOf } from '../resolve-links.ts';
import type { Run } from '../../engine/context/run.ts';
import type { SourceState, Suspicion } from '../../engine/messages/findings.ts';

export function compareLinkGroups(run: Run, links: RecordRefs): Suspicion[] {
  const suspicions: Suspicion[] = [];
  const merged = new MergedNames(run, links);
  for (const group of linkGroups(run.spools.plan, links)) {
    const members = group.filter((member) => !hasFailed(run, member));
    if (members.length === 0) continue;
    const firsts = firstOfEachInode(members);
    if (isExplained(run, members, firsts.length)) firsts.forEach((name) => merged.note(name));
    else {
      merged.note(members[0] as LinkMember);
      for (const each of separateNames(members)) suspicions.push(each);
    }
  }
  return [...suspicions, ...merged.suspicions()];
}

/** A name that was reported is not what the group's others are measured by. */
function hasFailed({ results }: Run, member: LinkRecord): boolean {
  return results.knownFailures.has({ class: 'links differ', path: pathOf(member) });
}

/** Names of different groups of the source that share an inode at the destination. */
class MergedNames {
  /** Which of the links was the first to have a destination inode: a number each, as few have sharers. */
  readonly #firstNames = new Map<string, number>();
  readonly #sharers = new Map<string, LinkRecord[]>();
  readonly #run: Run;
  readonly #links: RecordRefs;

  constructor(run: Run, links: RecordRefs) {
    this.#run = run;
    this.#links = links;
  }

  note(name: LinkMember): void {
    const key = destinationKey(name);
    const first = this.#firstNames.get(key);
    if (first === undefined) {
      this.#firstNames.set(key, name.index);
      return;
    }
    const sharers = this.#sharers.get(key);
    if (sharers === undefined) this.#sharers.set(key, [this.#read(first), name]);
    else sharers.push(name);
  }

  /** By path: groups come in the order of their inodes, which says nothing to who reads a verdict. */
  *suspicions(): Iterable<Suspicion> {
    for (const sharers of this.#sharers.values()) {
      const [owner, ...others] = sharers.toSorted(byPath) as [LinkRecord, ...LinkRecord[]];
      const detail = `linked to ${displayName(pathOf(owner))} at the destination, separate in the source`;
      for (const name of others) yield suspicionOf(name, owner, detail);
    }
  }

  #read(index: number): LinkRecord {
    return readLinkRecord(this.#run.spools.plan.read(this.#links.at(index)));
  }
}

function separateNames(members: readonly LinkMember[]): Suspicion[] {
  const [first] = members as [LinkMember];
  const detail = `linked to ${displayName(pathOf(first))} in the source, separate at the destination`;
  return members
    .filter((member) => destinationKey(member) !== destinationKey(first))
    .map((member) => suspicionOf(member, first, detail));
}

function firstOfEachInode(members: readonly LinkMember[]): LinkMember[] {
  const firsts = new Map<string, LinkMember>();
  for (const member of members) {
    const key = destinationKey(member);
    if (!firsts.has(key)) firsts.set(key, member);
  }
  return [...firsts.values()];
}

/** As few files as can hold so many names, or no more than Syncing was made to write. */
function isExplained(run: Run, members: readonly LinkMember[], files: number): boolean {
  const [first] = members as [LinkMember];
  const limit = linkLimitOf(run.destination.mount);
  const isNeeded = files <= inodesNeeded(members.length, limit);
  if (!isNeeded && !run.results.splitGroups.has(sourceGroupOf(first))) return false;
  noteSplit(run, members, { names: members.length, files, limit });
  return true;
}

function suspicionOf(member: LinkRecord, other: LinkRecord, detail: Shown): Suspicion {
  const { path, ...state } = stateOf(member);
  return {
    verdict: { class: 'links differ', path, differences: Difference.linkGroup, detail },
    ...state,
    linkedTo: stateOf(other),
    preparedState: undefined,
  };
}

function stateOf(member: LinkRecord): SourceState {
  const sourceState = stateHash(member.change.source);
  return { path: pathOf(member), isDirectory: false, sourceState };
}

function destinationKey({ destinationDevice, destinationInode }: LinkRecord): string {
  return `${destinationDevice}:${destinationInode}`;
}

function pathOf(member: LinkRecord): ByteString {
  return childPath(member.directoryPath, member.change.name);
}
