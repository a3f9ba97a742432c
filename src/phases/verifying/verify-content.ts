/** The content of one name's two sides, and the verdict that the whole comparison leads to. */
import { readEntry } from '../../filesystem/entry-stat.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isFile, isSymlink, type Entry } from '../../model/entry.ts';
import type { Settings } from '../../model/settings.ts';
import type { ContentDigests } from '../../model/verified-entry.ts';
import { isSplit } from '../../policy/byte-ranges.ts';
import { describeDifferences, judgeDifferences } from '../../policy/judge.ts';
import { isSameVersion } from '../../policy/same-version.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import { atSide } from '../walking/both-sides.ts';
import type { NamePair } from '../walking/compare-attributes.ts';
import { compareFiles, readTargets } from '../walking/compare-content.ts';
import type { WorkerContext } from '../worker-context.ts';
import { noteVerified, suspect, type VerifyingUnit } from './unit.ts';

export interface VerifyPlace {
  readonly source: OpenDirectory;
  readonly destination: OpenDirectory;
  readonly name: string;
}

export interface BothEntries {
  readonly path: string;
  readonly source: Entry;
  readonly destination: Entry;
}

export interface ComparedEntries extends BothEntries {
  readonly differences: Differences;
}

export interface ContentResult {
  readonly differences: Differences;
  /** Where it differs, or with `settings.listVerified`. */
  readonly digests?: ContentDigests;
  /** Of the destination's symbolic link. */
  readonly target?: string;
}

export function namesOf({ source, destination, name }: VerifyPlace): NamePair {
  return { sourceDirectory: source, destinationDirectory: destination, name };
}

/** Where digests are wanted one worker reads both from start to end: always of files of different lengths. */
export function isLarge({ source, destination }: BothEntries, { listVerified }: Settings): boolean {
  if (listVerified) return false;
  const areFiles = isFile(source) && isFile(destination);
  return areFiles && source.sizeBytes === destination.sizeBytes && isSplit(source.sizeBytes);
}

/** May be tried again. @throws SystemError */
export async function compareContent(
  unit: VerifyingUnit,
  names: NamePair,
  { source, differences }: ComparedEntries,
): Promise<ContentResult | 'source changed'> {
  const { context } = unit;
  if ((differences & Difference.kind) !== 0) return { differences: 0 };
  if (isSymlink(source)) {
    const targets = await readTargets(names);
    const target = targets.destination;
    if (targets.source === target) return { differences: 0, target };
    return (await isUnchanged(names, source))
      ? { differences: Difference.content, target }
      : 'source changed';
  }
  if (!isFile(source)) return { differences: 0 };
  let countedBytes = 0;
  try {
    const result = await readBoth(context, names, source, (count) => {
      throwIfStopped(context);
      context.heartbeat.beat();
      countedBytes += count;
      context.counters.add('bytesVerified', count);
    });
    context.counters.add('filesVerified', 1);
    return result;
  } catch (error) {
    // Another try reads them again.
    context.counters.add('bytesVerified', -countedBytes);
    throw error;
  }
}

async function readBoth(
  context: WorkerContext,
  names: NamePair,
  source: Entry,
  onBytes: (count: number) => void,
): Promise<ContentResult | 'source changed'> {
  const { listVerified } = context.settings;
  const reading = { source, fromServer: true, withHoles: listVerified, onBytes };
  const comparison = await compareFiles(context, names, reading);
  if (comparison.equal && !listVerified) return { differences: 0 };
  const digests = { source: comparison.sourceDigest, destination: comparison.destinationDigest };
  if (comparison.equal) return { differences: 0, digests };
  if (!(await isUnchanged(names, source))) return 'source changed';
  return { differences: Difference.content, digests };
}

/** Since before its content was read. */
async function isUnchanged({ sourceDirectory, name }: NamePair, source: Entry): Promise<boolean> {
  return isSameVersion(source, await atSide('source', () => readEntry(sourceDirectory, name)));
}

/** Nothing is said of entries that are as they should be. */
export function judge(
  unit: VerifyingUnit,
  compared: ComparedEntries,
  content: ContentResult | 'source changed',
): void {
  const { path, source, destination } = compared;
  const { counters, fileSizes } = unit.context;
  counters.add('entriesVerified', 1);
  if (isFile(source)) fileSizes.verifying?.add(source.sizeBytes);
  noteCompared(unit, compared, content);
  if (content === 'source changed') {
    const detail = 'it changed while it was verified';
    suspect(unit, { class: 'source changed', path, detail, source });
    return;
  }
  const differences = compared.differences | content.differences;
  if (differences === 0) return;
  suspect(unit, {
    class: judgeDifferences(differences),
    path,
    differences,
    detail: describeDifferences(differences, source, destination),
    source,
    ...(content.digests && { digests: content.digests }),
  });
}

function noteCompared(
  unit: VerifyingUnit,
  { path, destination: entry }: ComparedEntries,
  content: ContentResult | 'source changed',
): void {
  if (unit.context.verified === undefined) return;
  const { digests, target } = content === 'source changed' ? {} : content;
  noteVerified(unit, { path, entry, ...(digests && { digests }), ...(target !== undefined && { target }) });
}
