/** Which names of a group of hard links keep their destination inode, and which must be linked anew. */

export interface LinkMember {
  /** The destination's inode at this name as device:inode, or empty. */
  readonly destinationKey: string;
  /** Content must be written: what the destination holds at this name is of no use. */
  readonly needsWrite: boolean;
}

export interface LinkDecision {
  /** Index of the member whose inode all names will share. */
  readonly leader: number;
  /** The leader's inode is made anew, so every other member must be linked to it. */
  readonly isLeaderNew: boolean;
  /** Indexes of the members to link to the leader. */
  readonly toLink: readonly number[];
}

/** @param isClaimed inodes that another group of the source already keeps: sharing one would merge them */
export function decideLinkGroup(
  members: readonly LinkMember[],
  isClaimed: (destinationKey: string) => boolean,
): LinkDecision {
  const kept = mostCommonKey(members, isClaimed);
  const leader = kept === undefined ? 0 : members.findIndex((member) => isKeptBy(member, kept));
  const toLink = members.flatMap((member, index) =>
    index === leader || (kept !== undefined && isKeptBy(member, kept)) ? [] : [index],
  );
  return { leader, isLeaderNew: kept === undefined, toLink };
}

function isKeptBy(member: LinkMember, key: string): boolean {
  return !member.needsWrite && member.destinationKey === key;
}

/** The inode that most names have already: the fewest links to make. */
function mostCommonKey(
  members: readonly LinkMember[],
  isClaimed: (destinationKey: string) => boolean,
): string | undefined {
  const counts = new Map<string, number>();
  let best: string | undefined;
  let bestCount = 0;
  for (const { destinationKey, needsWrite } of members) {
    if (needsWrite || destinationKey === '' || isClaimed(destinationKey)) continue;
    const count = (counts.get(destinationKey) ?? 0) + 1;
    counts.set(destinationKey, count);
    if (count <= bestCount) continue;
    best = destinationKey;
    bestCount = count;
  }
  return best;
}
