/** A group of hard links that is several files at the destination: told once a run, whoever meets it first. */
import { childPath } from '../filesystem/root.ts';
import type { SplitLinks } from '../model/split-links.ts';
import type { LinkRecord } from './plan/link-record.ts';
import type { Run } from './run.ts';

export type Split = Omit<SplitLinks, 'path'>;

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

/** As device:inode of the source. */
export function sourceGroupOf({ change: { source } }: Pick<LinkRecord, 'change'>): string {
  return `${source.device}:${source.inode}`;
}
