/** Whether names that share an inode in the source share one at the destination, and no others do. */
import { childPath } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { stateHash } from '../../policy/fingerprint.ts';
import { linkLimitOf } from '../../policy/destination-limits.ts';
import { inodesNeeded } from '../../policy/link-groups.ts';
import { BinaryReader } from '../plan/binary.ts';
import { readLinkRecord, type LinkRecord } from '../plan/link-record.ts';
import { readRecord } from '../plan/read-record.ts';
import { linkGroups, type LinkMember } from '../plan/link-groups.ts';
import type { RecordRefs } from '../plan/record-refs.ts';
import { noteSplit, sourceGroupOf } from '../note-split.ts';
import type { Run } from '../run.ts';
import type { SourceState, Suspicion } from './suspicion.ts';

export function compareLinkGroups(run: Run, links: RecordRefs): Suspicion[] {
  const suspicions: Suspicion[] = [];
  /** Which destination inode belongs to an earlier group, and which of `links` that group's first name is. */
  const owners = new Map<string, number>();
  const suspectMerged = (name: LinkMember): void => {
    const key = destinationKey(name);
    const ownerIndex = owners.get(key);
    if (ownerIndex === undefined) {
      owners.set(key, name.index);
      return;
    }
    const owner = readLinkRecord(new BinaryReader(readRecord(run.spoolFds, links.at(ownerIndex))));
    const detail = `linked to ${pathOf(owner)} at the destination, separate in the source`;
    suspicions.push(suspicionOf(name, owner, detail));
  };
  for (const members of linkGroups(run.spoolFds, links)) {
    const firsts = firstOfEachInode(members);
    if (isExplained(run, members, firsts.length)) firsts.forEach(suspectMerged);
    else {
      suspectMerged(members[0] as LinkMember);
      for (const each of separateNames(members)) suspicions.push(each);
    }
  }
  return suspicions;
}

function separateNames(members: readonly LinkMember[]): Suspicion[] {
  const [first] = members as [LinkMember];
  const detail = `linked to ${pathOf(first)} in the source, separate at the destination`;
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

function suspicionOf(member: LinkRecord, other: LinkRecord, detail: string): Suspicion {
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

function pathOf(member: LinkRecord): string {
  return childPath(member.directoryPath, member.change.name);
}
