/** Names of files that have several, as Preparing and Verifying write them into the plan. */
import type { Run, RunSpools } from '../../src/engine/context/run.ts';
import { RecordRefs, refsIn } from '../../src/engine/plan/record-refs.ts';
import { readSection, type Section } from '../../src/engine/plan/section.ts';
import { resolveLinks, type LinkLimit } from '../../src/phases/resolve-links.ts';
import { PlanWriter } from '../../src/engine/plan/plan-writer.ts';
import type { LinkRecord } from '../../src/engine/plan/records.ts';
import { Plan } from '../../src/engine/plan/plan.ts';
import type { Change } from '../../src/model/change.ts';
import type { Entry } from '../../src/model/entry.ts';
import { lastName, parentPath } from '../../src/filesystem/root.ts';
import { entryOf } from './entries.ts';

export interface LinkedName {
  readonly path: string;
  /** The source's inode. */
  readonly inode: number;
  /** The inode at the destination; undefined if the name is missing there. */
  readonly there?: number;
  readonly device?: number;
  readonly action?: 'write' | 'adjust';
  readonly differences?: Change['differences'];
  readonly source?: Partial<Entry>;
  readonly wasRefused?: boolean;
}

function linkRecordOf(name: LinkedName): LinkRecord {
  const { path, inode, there = 0, device = 1, differences = 0 } = name;
  const action = name.action ?? (there === 0 ? 'write' : 'adjust');
  const source = entryOf({ inode: BigInt(inode), linkCount: 2, ...name.source });
  return {
    directoryPath: parentPath(path),
    change: { action, name: lastName(path), differences, source },
    destinationInode: BigInt(there),
    destinationDevice: device,
    wasRefused: name.wasRefused ?? false,
  };
}

/** A plan that has these names, as one unit brings them. */
export function planOf(spools: RunSpools, names: readonly LinkedName[]): Plan {
  const writer = new PlanWriter();
  for (const name of names) writer.link(linkRecordOf(name));
  const plan = new Plan(spools.plan);
  plan.take(writer.takeRecords());
  return plan;
}

export interface Resolved {
  readonly plan: Plan;
  readonly added: Plan | undefined;
  readonly sections: Section[];
  readonly linkSections: Section[];
}

export function resolveNames(
  run: Run,
  names: readonly LinkedName[],
  limits: LinkLimit,
  claimed: readonly string[],
): Resolved {
  const plan = planOf(run.spools, names);
  for (const key of claimed) plan.claimedInodes.add(key);
  const added = resolveLinks(run, plan, limits);
  return {
    plan,
    added,
    sections: sectionsAt(run, added?.sections),
    linkSections: sectionsAt(run, added?.linkSections),
  };
}

export function sectionsAt({ spools }: Run, refs = new RecordRefs()): Section[] {
  return [...refsIn(refs.slice(0, Infinity))].map((ref) => readSection(spools.plan.read(ref)));
}

/** Every change as a line: `write a`, `link d/b -> a`. */
export function lines({ sections, linkSections }: Resolved): string[] {
  return [...sections, ...linkSections].flatMap(({ directoryPath, changes }) =>
    changes.map(({ action, name, leaderPath }) => {
      const path = directoryPath === '' ? name : `${directoryPath}/${name}`;
      return `${action} ${path}${leaderPath === '' ? '' : ` -> ${leaderPath}`}`;
    }),
  );
}
