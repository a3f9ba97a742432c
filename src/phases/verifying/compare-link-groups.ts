/** Whether names that share an inode in the source share one at the destination, and no others do. */
import { childPath } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { BinaryReader } from '../plan/binary.ts';
import { readLinkRecord, type LinkRecord } from '../plan/link-record.ts';
import { readRecord } from '../plan/read-record.ts';
import { linkGroups, type LinkMember } from '../plan/link-groups.ts';
import type { RecordRefs } from '../plan/record-refs.ts';
import type { Run } from '../run.ts';
import { addVerdict } from './judge-suspicions.ts';

export function compareLinkGroups(run: Run, links: RecordRefs): void {
  /** Which destination inode belongs to an earlier group, and which of `links` that group's first name is. */
  const owners = new Map<string, number>();
  for (const members of linkGroups(run.spoolFds, links)) {
    const first = members[0] as LinkMember;
    const key = destinationKey(first);
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, first.index);
    else {
      const path = pathOf(readLinkRecord(new BinaryReader(readRecord(run.spoolFds, links.at(owner)))));
      addLinkVerdict(run, first, `linked to ${path} at the destination, separate in the source`);
    }
    for (const member of members) {
      if (destinationKey(member) !== key) {
        addLinkVerdict(run, member, `linked to ${pathOf(first)} in the source, separate at the destination`);
      }
    }
  }
}

function addLinkVerdict(run: Run, member: LinkRecord, detail: string): void {
  addVerdict(run, {
    class: 'links differ',
    path: pathOf(member),
    differences: Difference.linkGroup,
    detail,
  });
}

function destinationKey({ destinationDevice, destinationInode }: LinkRecord): string {
  return `${destinationDevice}:${destinationInode}`;
}

function pathOf(member: LinkRecord): string {
  return childPath(member.directoryPath, member.change.name);
}
