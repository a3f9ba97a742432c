/** Which names of a group of hard links keep their destination inode, and which must be linked anew. */

export interface LinkMember {
  /** The destination's inode at this name as device:inode, or empty. */
  readonly destinationKey: string;
  /** Content must be written: what the destination holds at this name is of no use. */
  readonly needsWrite: boolean;
}

/** One inode of the destination, and which names will share it. */
export interface LinkDecision {
  /** Index of the member whose inode all of them will share. */
  readonly leader: number;
  /** The leader's inode is made anew, so every other member must be linked to it. */
  readonly isLeaderNew: boolean;
  /** Indexes of the members to link to the leader. */
  readonly toLink: readonly number[];
}

/**
 * One decision, or as few as the limit allows: the inodes that most names have already take in the others.
 * @param isClaimed inodes that another group of the source already keeps: sharing one would merge them
 * @param limit how many names an inode of the destination may have
 */
export function decideLinkGroup(
  members: readonly LinkMember[],
  isClaimed: (destinationKey: string) => boolean,
  limit = Infinity,
): LinkDecision[] {
  const kept = namesByInode(members, isClaimed).slice(0, inodesNeeded(members.length, limit));
  const keeping = new Set(kept.flat());
  const others = Array.from(members.keys()).filter((index) => !keeping.has(index));
  let taken = 0;
  const take = (count: number): number[] => others.slice(taken, (taken += Math.max(0, count)));
  const decisions: LinkDecision[] = kept.map((indexes) => ({
    leader: indexes[0] as number,
    isLeaderNew: false,
    toLink: take(limit - indexes.length),
  }));
  while (taken < others.length) {
    const [leader, ...toLink] = take(limit);
    decisions.push({ leader: leader as number, isLeaderNew: true, toLink });
  }
  return decisions;
}

/** At least so many inodes hold so many names. */
export function inodesNeeded(nameCount: number, limit: number): number {
  return Math.max(1, Math.ceil(nameCount / limit));
}

/** Of what may be kept: the inode with most names first, as it takes the fewest links to make. */
function namesByInode(
  members: readonly LinkMember[],
  isClaimed: (destinationKey: string) => boolean,
): number[][] {
  const names = new Map<string, number[]>();
  for (const [index, { destinationKey, needsWrite }] of members.entries()) {
    if (needsWrite || destinationKey === '') continue;
    const others = names.get(destinationKey);
    if (others !== undefined) others.push(index);
    else if (!isClaimed(destinationKey)) names.set(destinationKey, [index]);
  }
  return [...names.values()].toSorted(
    (a, b) => b.length - a.length || (a.at(-1) as number) - (b.at(-1) as number),
  );
}
