/** Decides which names of a group of hard links keep their destination inode, and which get linked again. */

export interface LinkMember {
  /** The destination's inode at this name as device:inode, or empty. */
  readonly destinationKey: string;
  /** Its content must be written, so the destination's file of this name cannot be used. */
  readonly needsWrite: boolean;
}

/** One inode of the destination, and which names will share it. */
export interface LinkDecision {
  /** Index of the member whose inode all of them will share. */
  readonly leader: number;
  /** The leader's inode is new, so every other member must be linked to it. */
  readonly isLeaderNew: boolean;
  /** Indexes of the members to link to the leader. */
  readonly toLink: readonly number[];
}

/**
 * Gives one decision, or as few as the limit allows: the inodes with the most names take in the other names.
 * @param isClaimed inodes that another group of the source already keeps: sharing one would merge the groups
 * @param limit how many names one inode may have at the destination
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

/** The fewest inodes that hold `nameCount` names. */
export function inodesNeeded(nameCount: number, limit: number): number {
  return Math.max(1, Math.ceil(nameCount / limit));
}

/** Inodes that may be kept, the one with most names first: it needs the fewest new links. */
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
