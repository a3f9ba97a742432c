/** The content of one name's two sides, and the verdict that the whole comparison leads to. */
import type { ByteString } from '../../model/byte-string.ts';
import type { ContentComparison } from '../../filesystem/compare/compare-contents.ts';
import { readEntry } from '../../filesystem/entry-stat.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { Difference, type Differences } from '../../model/change.ts';
import { isFile, isSymlink, type Entry } from '../../model/entry.ts';
import type { Settings } from '../../model/settings.ts';
import type { ContentDigests } from '../../model/run/verdict.ts';
import { isSplit } from '../../policy/compare/byte-ranges.ts';
import { describeDifferences, judgeDifferences, wantedOf } from '../../policy/compare/judge.ts';
import { wasReadSince } from '../../policy/compare/timestamps.ts';
import { isSameVersion } from '../../policy/compare/fingerprint.ts';
import { throwIfStopped } from '../../flow/stop-flag.ts';
import { atSide } from '../../engine/march/both-sides.ts';
import type { NamePair } from '../../engine/compare/compare-metadata.ts';
import { compareFiles, readsEveryByte, readTargets } from '../../engine/compare/compare-content.ts';
import type { WorkerContext } from '../../engine/context/worker-context.ts';
import { judgedOf } from './leave-unjudged.ts';
import { suspect, type VerifyingScope } from './verifying-scope.ts';
import { noteVerified } from './verified-record.ts';

export interface VerifyPlace {
  readonly source: OpenDirectory;
  readonly destination: OpenDirectory;
  readonly name: ByteString;
}

export interface BothEntries {
  readonly path: ByteString;
  readonly source: Entry;
  readonly destination: Entry;
}

export interface ComparedEntries extends BothEntries {
  readonly differences: Differences;
  /** Those that do not count, as options leave them alone. */
  readonly unjudged: Differences;
}

export interface ContentResult {
  readonly differences: Differences;
  /** Where it differs, or with `settings.listVerified`. */
  readonly digests?: ContentDigests;
  /** Of the destination's symbolic link. */
  readonly target?: ByteString;
  /** The source holds more bytes than its size. */
  readonly exceedsSize?: boolean;
}

export function namesOf({ source, destination, name }: VerifyPlace): NamePair {
  return { sourceDirectory: source, destinationDirectory: destination, name };
}

/** Both are read to their ends for a verdict, unless that takes long and nobody has asked for it. */
function needsDigests({ source, destination }: BothEntries, settings: Settings): boolean {
  return readsEveryByte(settings) || !isSplit(Math.max(source.sizeBytes, destination.sizeBytes));
}

/** Where digests are wanted one worker reads both from start to end: always of files of different lengths. */
export function isLarge({ source, destination }: BothEntries, { listVerified }: Settings): boolean {
  if (listVerified) return false;
  const areFiles = isFile(source) && isFile(destination);
  return areFiles && source.sizeBytes === destination.sizeBytes && isSplit(source.sizeBytes);
}

/** May be tried again. @throws SystemError */
export async function compareContent(
  scope: VerifyingScope,
  names: NamePair,
  compared: ComparedEntries,
): Promise<ContentResult | 'source changed'> {
  const { context } = scope;
  const { source, differences } = compared;
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
    const result = await readBoth(context, names, compared, (count) => {
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
  { source, destination, differences }: ComparedEntries,
  onBytes: (count: number) => void,
): Promise<ContentResult | 'source changed'> {
  const { settings } = context;
  const both = { source, destination, path: names.name };
  const reading = {
    source,
    destination,
    fromServer: true,
    needsDigests: needsDigests(both, settings),
    onBytes,
  };
  // Files of different sizes differ, which no byte of them has to tell.
  const isKnown = !reading.needsDigests && (differences & Difference.size) !== 0;
  const comparison = isKnown ? DIFFERENT : await compareFiles(context, names, reading);
  const digests = digestsOf(comparison);
  const { equal, exceedsSize } = comparison;
  if (equal) return { differences: 0, exceedsSize, ...(settings.listVerified && digests) };
  if (!(await isUnchanged(names, source))) return 'source changed';
  return { differences: Difference.content, exceedsSize, ...digests };
}

const DIFFERENT: ContentComparison = { equal: false, exceedsSize: false, bytesRead: 0 };

function digestsOf({ sourceDigest, destinationDigest }: ContentComparison): Pick<ContentResult, 'digests'> {
  if (sourceDigest === undefined || destinationDigest === undefined) return {};
  return { digests: { source: sourceDigest, destination: destinationDigest } };
}

/** Since before its content was read. */
async function isUnchanged({ sourceDirectory, name }: NamePair, source: Entry): Promise<boolean> {
  return isSameVersion(source, await atSide('source', () => readEntry(sourceDirectory, name)));
}

/** Others that read the source move it, which says nothing against the copy. */
function isAtimeOfReader(differences: Differences, { source, destination }: BothEntries): boolean {
  return differences === Difference.atime && wasReadSince(source, destination);
}

const EXCEEDS = '; the source returns more bytes than its file system reports';

/** Nothing is said of entries that are as they should be. */
export function judge(
  scope: VerifyingScope,
  compared: ComparedEntries,
  content: ContentResult | 'source changed',
): void {
  const { path, source, destination, unjudged } = compared;
  const { counters, fileSizes } = scope.context;
  const isChanged = content === 'source changed';
  const found = compared.differences | (isChanged ? 0 : content.differences);
  const differences = judgedOf(scope, found, unjudged);
  // What is left as it is was not found to be right.
  if (found !== 0 && differences === 0 && !isChanged) return;
  counters.add('entriesVerified', 1);
  if (isFile(source)) fileSizes.verifying?.add(source.sizeBytes);
  noteCompared(scope, compared, content);
  if (content === 'source changed') {
    const detail = 'it changed during verification';
    suspect(scope, { class: 'source changed', path, detail, source });
    return;
  }
  if (differences === 0) return;
  suspect(scope, {
    class: isAtimeOfReader(differences, compared) ? 'source changed' : judgeDifferences(differences),
    path,
    differences,
    detail:
      describeDifferences(differences, source, destination, wantedOf(scope.context.rule, source)) +
      (content.exceedsSize === true ? EXCEEDS : ''),
    source,
    ...(content.digests && { digests: content.digests }),
  });
}

function noteCompared(
  scope: VerifyingScope,
  { path, destination: entry }: ComparedEntries,
  content: ContentResult | 'source changed',
): void {
  if (scope.context.verified === undefined) return;
  const { digests, target } = content === 'source changed' ? {} : content;
  noteVerified(scope, { path, entry, ...(digests && { digests }), ...(target !== undefined && { target }) });
}
