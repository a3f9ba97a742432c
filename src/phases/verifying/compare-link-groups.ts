/** Whether names that share an inode in the source share one at the destination, and no others do. */
import { childPath } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { BinaryReader } from '../plan/binary.ts';
import { readLinkRecord, type LinkRecord } from '../plan/link-record.ts';
import { readRecord } from '../plan/read-record.ts';
import { linkGroups, type LinkMember } from '../plan/link-groups.ts';
import type { RecordRefs } from '../plan/record-refs.ts';
import type { Run } from '../run.ts';
import { stateHash } from '../../policy/fingerprint.ts';
import type { SourceState, Suspicion } from './suspicion.ts';

export function compareLinkGroups({ spoolFds }: Run, links: RecordRefs): Suspicion[] {
  const suspicions: Suspicion[] = [];
  /** Which destination inode belongs to an earlier group, and which of `links` that group's first name is. */
  const owners = new Map<string, number>();
  for (const members of linkGroups(spoolFds, links)) {
    const first = members[0] as LinkMember;
    const key = destinationKey(first);
    const ownerIndex = owners.get(key);
    if (ownerIndex === undefined) owners.set(key, first.index);
    else {
      const owner = readLinkRecord(new BinaryReader(readRecord(spoolFds, links.at(ownerIndex))));
      const detail = `linked to ${pathOf(owner)} at the destination, separate in the source`;
      suspicions.push(suspicionOf(first, owner, detail));
    }
    for (const member of members) {
      if (destinationKey(member) === key) continue;
      const detail = `linked to ${pathOf(first)} in the source, separate at the destination`;
      suspicions.push(suspicionOf(member, first, detail));
    }
  }
  return suspicions;
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
