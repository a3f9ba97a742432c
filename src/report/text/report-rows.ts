/** The table of a report: a row for each thing done, and none for a thing that was not. */
import type { Report } from '../../model/run/report.ts';
import { COUNTER_NAMES } from '../../model/tally.ts';
import type { Phase } from '../../model/task.ts';
import { SHORTEST_RATE_MS } from './rates.ts';
import { lacksUsualMetadata } from '../../policy/assess-coverage.ts';
import { leftOutParts, uncomparedText } from './left-out.ts';
import { holdsAnything } from '../../model/run/verdict.ts';
import { belowWords } from '../../policy/compare/judge.ts';
import { cacheNote } from './how-read.ts';
import { counted, formatBytes, formatCount, formatDuration, formatRate, totalOf } from './quantities.ts';

export type Row = readonly [label: string, text: string];

/** @param isFull also name rarely wanted metadata that was not compared */
export function reportRows(report: Report, isFull: boolean): Row[] {
  const rows = [
    sourceRow(report),
    leftOutRow(report),
    ...(report.command === 'prepare' ? plannedRows(report) : doneRows(report)),
    verifiedRow(report),
    uncomparedRow(report, isFull),
    repairedRow(report),
    missingRow(report),
    problemRow(report),
    timeRow(report),
  ];
  return rows.filter((row) => row !== undefined);
}

/** `--stats`: every count under its own name, except zeros of phases that did not run. */
export function statisticsRows({ tally, phases }: Report): Row[] {
  const ran = new Set(phases.map(({ phase }) => phase));
  return COUNTER_NAMES.filter((name, index) => tally[name] > 0 || ran.has(phaseOf(index))).map((name) => [
    words(name),
    formatCount(tally[name]),
  ]);
}

/** By the position of the counter. */
function phaseOf(index: number): Phase {
  if (index >= COUNTER_NAMES.indexOf('entriesVerified')) return 'verifying';
  return index >= COUNTER_NAMES.indexOf('filesTransferred') ? 'syncing' : 'preparing';
}

function sourceRow({ tally }: Report): Row | undefined {
  if (tally.sourceEntries === 0) return undefined;
  const kinds = [
    counted(tally.sourceFiles, 'file'),
    tally.sourceDirectories > 0 && counted(tally.sourceDirectories, 'directory', 'directories'),
    tally.sourceSymlinks > 0 && counted(tally.sourceSymlinks, 'symbolic link'),
    tally.sourceSpecials > 0 && counted(tally.sourceSpecials, 'special file'),
  ];
  return ['Source', `${kinds.filter(Boolean).join(', ')}; ${formatBytes(tally.sourceBytes)}`];
}

function leftOutRow({ coverage, task }: Report): Row | undefined {
  const parts = leftOutParts(coverage, task.settings);
  return parts.length === 0 ? undefined : ['Left out', parts.join('; ')];
}

function uncomparedRow({ coverage, command }: Report, isFull: boolean): Row | undefined {
  if (command === 'prepare' || coverage.content === 'none') return undefined;
  const isTold = isFull || lacksUsualMetadata(coverage);
  return isTold && coverage.uncompared.length > 0 ? ['Not compared', uncomparedText(coverage)] : undefined;
}

function plannedRows({ tally, deleteLimitReached }: Report): (Row | undefined)[] {
  return [
    transferRow('To transfer', tally.filesToTransfer, formatBytes(tally.bytesToTransfer)),
    countRow('To create', tally.entriesToCreate),
    countRow('To adjust', tally.entriesToAdjust),
    countRow('To link', tally.entriesToLink),
    movedRow('To move', tally.filesToMove, tally.bytesToMove),
    deleteLimitReached ? undefined : countRow('To delete', tally.entriesToDelete),
  ];
}

function doneRows(report: Report): (Row | undefined)[] {
  const { tally, task } = report;
  // With --partial, the part that an earlier run wrote is not written again.
  const word = task.settings.partial ? 'newly written' : 'data';
  const size = sizeText(tally.bytesTransferred, tally.bytesWritten, word);
  const moved = `${size}${rateOf(report, 'syncing', tally.bytesTransferred)}`;
  return [
    transferRow('Transferred', tally.filesTransferred, moved),
    countRow('Created', tally.entriesCreated),
    countRow('Adjusted', tally.entriesAdjusted),
    countRow('Linked', tally.entriesLinked),
    movedRow('Moved', tally.filesMoved, tally.bytesMoved),
    countRow('Deleted', tally.entriesDeleted),
    countRow('Backed up', tally.entriesBackedUp),
    tally.retries > 0 ? ['Retries', formatCount(tally.retries)] : undefined,
  ];
}

function verifiedRow(report: Report): Row | undefined {
  const { entriesVerified, filesVerified, bytesVerified } = report.tally;
  const hasRun = report.phases.some(({ phase }) => phase === 'verifying');
  if (entriesVerified === 0 && !hasRun) return undefined;
  const files = filesVerified === 0 ? '' : `; content of ${counted(filesVerified, 'file')}`;
  const read =
    filesVerified === 0
      ? ''
      : `, ${sizeText(sizeVerified(report), bytesVerified)}${rateOf(report, 'verifying', bytesVerified)}`;
  const entries = counted(entriesVerified, 'entry', 'entries');
  return ['Verified', `${entries}${files}${read}${cacheNote(report)}`];
}

function repairedRow({ repairCounts }: Report): Row | undefined {
  const paths = totalOf(repairCounts);
  return paths === 0 ? undefined : ['Repaired', `${counted(paths, 'path')}, verified again`];
}

function missingRow({ verdictCounts, missingBelow }: Report): Row | undefined {
  if (!holdsAnything(missingBelow)) return undefined;
  return [
    'Missing',
    `${counted(verdictCounts.missing ?? 0, 'path')}, containing ${belowWords(missingBelow)}`,
  ];
}

/** Known only if the content of all files was compared. */
function sizeVerified({ tally }: Report): number {
  const { filesVerified, sourceFiles, sourceBytes, bytesVerified } = tally;
  return filesVerified === sourceFiles ? Math.max(sourceBytes, bytesVerified) : bytesVerified;
}

/** Holes are neither read nor written: without a note, little would seem to have been done. */
function sizeText(sizeBytes: number, movedBytes: number, word = 'data'): string {
  const size = formatBytes(sizeBytes);
  if (movedBytes >= sizeBytes) return size;
  const moved = movedBytes === 0 ? 'none' : formatBytes(movedBytes);
  return `${size}, ${moved} of it ${word}`;
}

function problemRow({ problemCounts }: Report): Row | undefined {
  const counts = Object.entries(problemCounts).filter(([, count]) => count > 0);
  if (counts.length === 0) return undefined;
  return ['Problems', counts.map(([name, count]) => `${formatCount(count)} ${name}`).join(', ')];
}

function timeRow({ phases, elapsedMs }: Report): Row {
  const parts = phases.map(({ phase, elapsedMs: phaseMs }) => `${phase} ${formatDuration(phaseMs)}`);
  return ['Time', `${formatDuration(elapsedMs)}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`];
}

function transferRow(label: string, files: number, size: string): Row | undefined {
  return files === 0 ? undefined : [label, `${counted(files, 'file')}, ${size}`];
}

function movedRow(label: string, files: number, sizeBytes: number): Row | undefined {
  return transferRow(label, files, `${formatBytes(sizeBytes)} not copied`);
}

function countRow(label: string, count: number): Row | undefined {
  return count === 0 ? undefined : [label, counted(count, 'entry', 'entries')];
}

function rateOf({ phases }: Report, phase: Phase, sizeBytes: number): string {
  const elapsedMs = phases.find((each) => each.phase === phase)?.elapsedMs ?? 0;
  return elapsedMs < SHORTEST_RATE_MS ? '' : ` (${formatRate((sizeBytes / elapsedMs) * 1000)})`;
}

function words(name: string): string {
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
