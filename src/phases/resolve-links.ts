/** Decides, once every name is known, which names of multiply-linked inodes to write, adjust or link. */
import { childPath } from '../filesystem/root.ts';
import { spoolLength, SpoolWriter } from '../filesystem/spool.ts';
import { Difference, type Change } from '../model/change.ts';
import { itemize } from '../policy/itemize.ts';
import { decideLinkGroup, type LinkDecision } from '../policy/link-groups.ts';
import type { LinkRecord } from './plan/link-record.ts';
import { PlanWriter, type PlanRefs, type SectionWriter } from './plan/plan-writer.ts';
import type { Leader } from './plan/section.ts';
import type { Plan } from './plan/plan.ts';
import { noteSplit, type Split } from './note-split.ts';
import type { Run } from './run.ts';
import { linkGroups } from './plan/link-groups.ts';
import { countPlanned } from './preparing/count-planned.ts';

export interface LinkLimit {
  /** How many names an inode of the destination may have. */
  readonly limit: number;
  /** False: names were refused, but not for that. */
  readonly isReason: boolean;
}

/** Moves what is to be done about `plan.links` into the plan, and gives it; undefined: there are none. */
export function resolveLinks(run: Run, plan: Plan, limits: LinkLimit): PlanRefs | undefined {
  if (plan.links.count === 0) return undefined;
  const spoolFd = run.spoolFds.at(-1) as number;
  const spool = new SpoolWriter(spoolFd, spoolLength(spoolFd));
  const writer = new PlanWriter(run.spoolFds.length - 1, spool);
  const leaders = new SectionRuns(writer, 'sections');
  const links = new SectionRuns(writer, 'linkSections');
  const claimed = plan.claimedInodes;
  for (const members of linkGroups(run.spoolFds, plan.links)) {
    resolveGroup(run, { members, limits, claimed, leaders, links });
  }
  leaders.end();
  links.end();
  spool.flush();
  plan.links.clear();
  const refs = writer.takeRefs();
  plan.take(refs);
  return refs;
}

interface GroupWork {
  readonly members: readonly LinkRecord[];
  readonly limits: LinkLimit;
  /** Destination inodes that groups resolved so far keep. */
  readonly claimed: Set<string>;
  readonly leaders: SectionRuns;
  readonly links: SectionRuns;
}

function resolveGroup(run: Run, { members: unordered, ...context }: GroupWork): void {
  const members = rivalsLast(unordered);
  const work = { members, ...context };
  const { limits, claimed } = work;
  const decisions = decideLinkGroup(
    members.map((member) => ({
      destinationKey: destinationKey(member),
      needsWrite: member.change.action === 'write',
    })),
    (key) => claimed.has(key),
    limits.limit,
  );
  noteSplit(run, members, splitOf(members, decisions.length, limits));
  for (const decision of decisions) planInode(run, work, decision);
}

/** Where the destination takes a name for another one, the others are not to be linked to what it leads to. */
function rivalsLast(members: readonly LinkRecord[]): readonly LinkRecord[] {
  if (!members.some(isRival)) return members;
  return [...members.filter((member) => !isRival(member)), ...members.filter(isRival)];
}

function isRival({ change }: LinkRecord): boolean {
  return (change.differences & Difference.name) !== 0;
}

function splitOf(members: readonly LinkRecord[], files: number, { limit, isReason }: LinkLimit): Split {
  const most = isReason ? { limit } : {};
  // Other names of the group have another file already.
  const isFurther = members.some(({ wasRefused }) => wasRefused);
  if (!isFurther) return { names: members.length, files, ...most };
  return { names: members[0]?.change.source.linkCount ?? 0, files: files + 1, ...most };
}

function planInode(run: Run, { members, claimed, leaders, links }: GroupWork, decision: LinkDecision): void {
  const leader = members[decision.leader] as LinkRecord;
  if (!decision.isLeaderNew) claimed.add(destinationKey(leader));
  const leaderChange = changeOfLeader(leader, decision.isLeaderNew);
  if (leaderChange !== undefined) {
    leaders.add(leader, leaderChange);
    announce(run, leader, leaderChange);
  }
  const leaderPath = childPath(leader.directoryPath, leader.change.name);
  const staleInode = decision.isLeaderNew ? leader.destinationInode : 0n;
  for (const index of decision.toLink) {
    const member = members[index] as LinkRecord;
    const change = changeOfLink(member);
    links.add(member, change, { leaderPath, staleInode });
    announce(run, member, change, leaderPath);
  }
}

/** The bit keeps `--inplace` from writing into an inode that has other names. */
function changeOfLeader({ change }: LinkRecord, isNew: boolean): Change | undefined {
  if (isNew) return { ...change, action: 'write', differences: change.differences | Difference.linkGroup };
  return change.differences === 0 ? undefined : { ...change, action: 'adjust' };
}

function changeOfLink({ change }: LinkRecord): Change {
  return { ...change, action: 'link', differences: change.differences | Difference.linkGroup };
}

function destinationKey({ destinationDevice, destinationInode }: LinkRecord): string {
  return destinationInode === 0n ? '' : `${destinationDevice}:${destinationInode}`;
}

function announce(run: Run, member: LinkRecord, change: Change, leaderPath?: string): void {
  countPlanned(run.counters, change);
  const { settings } = run.task;
  if (!settings.listChanges || !settings.dryRun) return;
  run.reporter.changed({
    itemized: itemize(change.action, change.source, change.differences, settings.preserve),
    path: childPath(member.directoryPath, change.name),
    sizeBytes: change.source.sizeBytes,
    ...(leaderPath === undefined ? {} : { linkedTo: leaderPath }),
  });
}

/** Consecutive changes of one directory share a section. */
class SectionRuns {
  readonly #writer: PlanWriter;
  readonly #part: 'sections' | 'linkSections';
  #directoryPath: string | undefined;
  #section: SectionWriter | undefined;

  constructor(writer: PlanWriter, part: 'sections' | 'linkSections') {
    this.#writer = writer;
    this.#part = part;
  }

  add(member: LinkRecord, change: Change, leader?: Leader): void {
    if (member.directoryPath !== this.#directoryPath) {
      this.end();
      const { directoryPath } = member;
      this.#section = this.#writer.section({ directoryPath, directoryNames: 0 }, this.#part);
      this.#directoryPath = member.directoryPath;
    }
    this.#section?.add(change, leader);
  }

  end(): void {
    this.#section?.end();
  }
}
