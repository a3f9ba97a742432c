/** Decides, once every name is known, which names of multiply-linked inodes to write, adjust or link. */
import { childPath } from '../../filesystem/root.ts';
import { SpoolWriter } from '../../filesystem/spool.ts';
import { Difference, type Change } from '../../model/change.ts';
import { itemize } from '../../policy/itemize.ts';
import { decideLinkGroup } from '../../policy/link-groups.ts';
import type { LinkRecord } from '../plan/link-record.ts';
import { PlanWriter, type SectionWriter } from '../plan/plan-writer.ts';
import type { Plan } from '../plan/plan.ts';
import type { Run } from '../run.ts';
import { linkGroups } from '../plan/link-groups.ts';
import { countPlanned } from './count-planned.ts';

export function resolveLinks(run: Run, plan: Plan): void {
  if (plan.links.count === 0) return;
  const spool = new SpoolWriter(run.spoolFds.at(-1) as number);
  const writer = new PlanWriter(run.spoolFds.length - 1, spool);
  const leaders = new SectionRuns(writer, 'sections');
  const links = new SectionRuns(writer, 'linkSections');
  const claimed = new Set<string>();
  for (const members of linkGroups(run.spoolFds, plan.links)) {
    resolveGroup(run, { members, claimed, leaders, links });
  }
  leaders.end();
  links.end();
  spool.flush();
  plan.links.clear();
  plan.take(writer.takeRefs());
}

interface GroupWork {
  readonly members: readonly LinkRecord[];
  /** Destination inodes that groups resolved so far keep. */
  readonly claimed: Set<string>;
  readonly leaders: SectionRuns;
  readonly links: SectionRuns;
}

function resolveGroup(run: Run, { members, claimed, leaders, links }: GroupWork): void {
  const decision = decideLinkGroup(
    members.map((member) => ({
      destinationKey: destinationKey(member),
      needsWrite: member.change.action === 'write',
    })),
    (key) => claimed.has(key),
  );
  const leader = members[decision.leader] as LinkRecord;
  if (!decision.isLeaderNew) claimed.add(destinationKey(leader));
  const leaderChange = changeOfLeader(leader, decision.isLeaderNew);
  if (leaderChange !== undefined) {
    leaders.add(leader, leaderChange);
    announce(run, leader, leaderChange);
  }
  const leaderPath = childPath(leader.directoryPath, leader.change.name);
  for (const index of decision.toLink) {
    const member = members[index] as LinkRecord;
    const change = changeOfLink(member);
    links.add(member, change, leaderPath);
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

  add(member: LinkRecord, change: Change, leaderPath?: string): void {
    if (member.directoryPath !== this.#directoryPath) {
      this.end();
      const { directoryPath, isDirectoryNew } = member;
      this.#section = this.#writer.section({ directoryPath, isDirectoryNew, directoryNames: 0 }, this.#part);
      this.#directoryPath = member.directoryPath;
    }
    this.#section?.add(change, leaderPath);
  }

  end(): void {
    this.#section?.end();
  }
}
