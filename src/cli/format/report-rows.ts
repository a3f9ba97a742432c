/** The table of a report: a row for each thing that was done, and none for what was not. */
import type { Report } from '../../model/report.ts';
import type { Phase } from '../../model/task.ts';
import { counted, formatBytes, formatCount, formatDuration, formatRate } from './units.ts';

export type Row = readonly [label: string, text: string];

export function reportRows(report: Report): Row[] {
  const rows = [
    sourceRow(report),
    ...(report.command === 'prepare' ? plannedRows(report) : doneRows(report)),
    verifiedRow(report),
    problemRow(report),
    timeRow(report),
  ];
  return rows.filter((row) => row !== undefined);
}

/** `--stats`: every count under its own name. */
export function statisticsRows(report: Report): Row[] {
  return Object.entries(report.tally).map(([name, count]) => [words(name), formatCount(count)]);
}

function sourceRow({ tally }: Report): Row | undefined {
  if (tally.sourceEntries === 0) return undefined;
  const kinds = [
    counted(tally.sourceFiles, 'file'),
    tally.sourceDirectories > 0 && counted(tally.sourceDirectories, 'directory', 'directories'),
    tally.sourceSymlinks > 0 && counted(tally.sourceSymlinks, 'symbolic link'),
    tally.sourceSpecials > 0 && counted(tally.sourceSpecials, 'special file'),
    tally.excludedEntries > 0 && `${formatCount(tally.excludedEntries)} excluded`,
  ];
  return ['Source', `${kinds.filter(Boolean).join(', ')}; ${formatBytes(tally.sourceBytes)}`];
}

function plannedRows({ tally }: Report): (Row | undefined)[] {
  return [
    transferRow('To transfer', tally.filesToTransfer, formatBytes(tally.bytesToTransfer)),
    countRow('To create', tally.entriesToCreate),
    countRow('To adjust', tally.entriesToAdjust),
    countRow('To link', tally.entriesToLink),
    countRow('To delete', tally.entriesToDelete),
  ];
}

function doneRows(report: Report): (Row | undefined)[] {
  const { tally } = report;
  const moved = `${formatBytes(tally.bytesTransferred)}${rateOf(report, 'syncing', tally.bytesTransferred)}`;
  return [
    transferRow('Transferred', tally.filesTransferred, moved),
    countRow('Created', tally.entriesCreated),
    countRow('Adjusted', tally.entriesAdjusted),
    countRow('Linked', tally.entriesLinked),
    countRow('Deleted', tally.entriesDeleted),
    tally.retries > 0 ? ['Retries', formatCount(tally.retries)] : undefined,
  ];
}

function verifiedRow(report: Report): Row | undefined {
  const { entriesVerified, filesVerified, bytesVerified } = report.tally;
  if (entriesVerified === 0) return undefined;
  const files = filesVerified === 0 ? '' : `; content of ${counted(filesVerified, 'file')}`;
  const read =
    filesVerified === 0 ? '' : `, ${formatBytes(bytesVerified)}${rateOf(report, 'verifying', bytesVerified)}`;
  return ['Verified', `${counted(entriesVerified, 'entry', 'entries')}${files}${read}`];
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

function countRow(label: string, count: number): Row | undefined {
  return count === 0 ? undefined : [label, counted(count, 'entry', 'entries')];
}

/** Nothing for less than a second: it would be a rate of the start, not of the work. */
function rateOf({ phases }: Report, phase: Phase, sizeBytes: number): string {
  const elapsedMs = phases.find((each) => each.phase === phase)?.elapsedMs ?? 0;
  return elapsedMs < 1000 ? '' : ` (${formatRate((sizeBytes / elapsedMs) * 1000)})`;
}

function words(name: string): string {
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
