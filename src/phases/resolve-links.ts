/** Decides, once every name is known, which names of multiply-linked inodes to write, adjust or link, and tells of groups that are split. */
import type { ByteString } from '../model/byte-string.ts';
import { childPath } from '../filesystem/root.ts';
import { type Change, Difference } from '../model/change.ts';
import { nameHash } from '../policy/compare/fingerprint.ts';
import { listedChange, listedUnchanged } from '../policy/compare/listed-change.ts';
import { decideLinkGroup, type LinkDecision } from '../policy/compare/decide-links.ts';
import { leftKey } from '../engine/messages/left-names.ts';
import type { LinkRecord } from '../engine/plan/records.ts';
import { PlanWriter, type SectionWriter } from '../engine/plan/plan-writer.ts';
import type { Leader } from '../engine/plan/section.ts';
import { countPlanned, Plan } from '../engine/plan/plan.ts';
import { tellChange, type Run } from '../engine/context/run.ts';
import { linkGroups } from '../engine/plan/link-groups.ts';
import type { SplitLinks } from '../model/run/report.ts';

export interface LinkLimit {
  /** How many names an inode of the destination may have. */
  readonly limit: number;
  /** False: names were refused for another reason. */
  readonly isReason: boolean;
}

/** Turns `plan.links` into changes and adds them to the plan. Gives those alone, too; undefined: there are none. */
export function resolveLinks(run: Run, plan: Plan, limits: LinkLimit): Plan | undefined {
  if (plan.links.count === 0) return undefined;
  const added = new Plan(run.spools.plan);
  const writer = new PlanWriter();
  const handOver = (): void => {
    plan.add(added.take(writer.takeRecords()));
  };
  const leaders = new SectionRuns(writer, 'sections');
  const links = new SectionRuns(writer, 'linkSections');
  const claimed = plan.claimedInodes;
  for (const members of linkGroups(run.spools.plan, plan.links)) {
    resolveGroup(run, { members, limits, claimed, leaders, links });
    if (writer.isFull) handOver();
  }
  leaders.end();
  links.end();
  handOver();
  plan.links.clear();
  return added;
}

interface GroupWork {
  readonly members: readonly LinkRecord[];
  readonly limits: LinkLimit;
  /** Destination inodes kept by the groups resolved so far. */
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
  if (run.task.settings.sizeOnly) leaveContents(run, members, decisions);
  for (const decision of decisions) planInode(run, work, decision);
  if (run.task.settings.listUnchanged) tellUnchanged(run, members, decisions);
}

/**
 * Puts names that the destination may treat as another name last: no other name should be linked to such an
 * entry.
 */
function rivalsLast(members: readonly LinkRecord[]): readonly LinkRecord[] {
  if (!members.some(isRival)) return members;
  return [...members.filter((member) => !isRival(member)), ...members.filter(isRival)];
}

function isRival({ change }: LinkRecord): boolean {
  return (change.differences & Difference.name) !== 0;
}

function splitOf(members: readonly LinkRecord[], files: number, { limit, isReason }: LinkLimit): Split {
  const most = isReason ? { limit } : {};
  // Other names of the group already have a file.
  const isFurther = members.some(({ wasRefused }) => wasRefused);
  if (!isFurther) return { names: members.length, files, ...most };
  return { names: members[0]?.change.source.linkCount ?? 0, files: files + 1, ...most };
}

/** Reports a group of hard links that becomes several files at the destination, once per run. */
/** How a group of hard links becomes several files at the destination. */
type Split = Omit<SplitLinks, 'path'>;

/** Once per run. */
export function noteSplit(
  run: Pick<Run, 'results' | 'counters' | 'reporter'>,
  members: readonly LinkRecord[],
  split: Split,
): void {
  const [first] = members;
  if (first === undefined || split.files === 1) return;
  const group = sourceGroupOf(first);
  if (run.results.splitGroups.has(group)) return;
  run.results.splitGroups.add(group);
  run.counters.add('linkGroupsSplit', 1);
  const path = childPath(first.directoryPath, first.change.name);
  run.reporter.linksSplit({ path, ...split });
}

/** The source's device:inode. */
export function sourceGroupOf({ change: { source } }: Pick<LinkRecord, 'change'>): string {
  return `${source.device}:${source.inode}`;
}

/** Names of a file that stays at the destination share its content, whatever that is. */
function leaveContents(run: Run, members: readonly LinkRecord[], decisions: readonly LinkDecision[]): void {
  const { leftLinks } = run.results;
  for (const member of members) leftLinks.add(keyOf(member));
  for (const { isLeaderNew, leader, toLink } of decisions) {
    if (!isLeaderNew) continue;
    for (const index of [leader, ...toLink]) leftLinks.delete(keyOf(members[index] as LinkRecord));
  }
}

function keyOf({ directoryPath, change }: LinkRecord): bigint {
  return leftKey(directoryPath, nameHash(change.name));
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

/** The bit keeps `--inplace` from writing to an inode that has other names. */
function changeOfLeader({ change }: LinkRecord, isNew: boolean): Change | undefined {
  if (isNew) return { ...change, action: 'write', differences: change.differences | Difference.linkGroup };
  return change.differences === 0 ? undefined : { ...change, action: 'adjust' };
}

function changeOfLink({ change }: LinkRecord): Change {
  return { ...change, action: 'link', differences: change.differences | Difference.linkGroup };
}

/** `-ii`: names that are right, and share the inode of another. */
function tellUnchanged(run: Run, members: readonly LinkRecord[], decisions: readonly LinkDecision[]): void {
  const leaders = new Set(decisions.map(({ leader }) => leader));
  const changing = new Set(decisions.flatMap(({ toLink }) => toLink));
  for (const { leader, isLeaderNew } of decisions) {
    if (changeOfLeader(members[leader] as LinkRecord, isLeaderNew) !== undefined) changing.add(leader);
  }
  for (const [index, { change, directoryPath }] of members.entries()) {
    if (changing.has(index)) continue;
    const path = childPath(directoryPath, change.name);
    const action = leaders.has(index) ? 'adjust' : 'link';
    tellChange(run, listedUnchanged({ action, path, source: change.source }, run.task.settings));
  }
}

function destinationKey({ destinationDevice, destinationInode }: LinkRecord): string {
  return destinationInode === 0n ? '' : `${destinationDevice}:${destinationInode}`;
}

function announce(run: Run, member: LinkRecord, change: Change, leaderPath?: ByteString): void {
  countPlanned(run.counters, change);
  const { settings } = run.task;
  if (!settings.listChanges || !settings.dryRun) return;
  const path = childPath(member.directoryPath, change.name);
  tellChange(run, listedChange({ ...change, path, linkedTo: leaderPath }, settings));
}

/** Consecutive changes of one directory share a section. */
class SectionRuns {
  readonly #writer: PlanWriter;
  readonly #part: 'sections' | 'linkSections';
  #directoryPath: ByteString | undefined;
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
