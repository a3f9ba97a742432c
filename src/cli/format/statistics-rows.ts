/** What a text report tells of a run over time and over the tree, in short. */
import type { DirectoryTime, RunStatistics, SizeClass } from '../../model/run-statistics.ts';
import { capitalized } from './capitalized.ts';
import { formatEntryRate, phaseRates } from './rates.ts';
import type { Row } from './report-rows.ts';
import { pathText } from './sentences.ts';
import { counted, formatBytes, formatDuration, formatRate } from './units.ts';

export interface RowSection {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Those that have something to tell. */
export function statisticsSections(statistics: RunStatistics): RowSection[] {
  return [
    { title: 'Rates', rows: rateRows(statistics) },
    { title: 'Slowest directories', rows: statistics.slowestDirectories.map(directoryRow) },
    { title: 'File sizes', rows: statistics.fileSizes.map(sizeRow) },
  ].filter(({ rows }) => rows.length > 0);
}

function rateRows({ timeSeries }: RunStatistics): Row[] {
  const content = phaseRates(timeSeries, ({ bytes }) => bytes);
  return phaseRates(timeSeries, ({ entries }) => entries).map(({ phase, meanPerSec, mostPerSec }, index) => {
    const bytes = content[index];
    const parts = [`entries ${formatEntryRate(meanPerSec)}, at most ${formatEntryRate(mostPerSec)}`];
    if (bytes !== undefined && bytes.mostPerSec > 0) {
      parts.push(`content ${formatRate(bytes.meanPerSec)}, at most ${formatRate(bytes.mostPerSec)}`);
    }
    return [capitalized(phase), parts.join('; ')];
  });
}

function directoryRow({ phase, path, elapsedMs }: DirectoryTime): Row {
  return [capitalized(phase), `${formatDuration(elapsedMs).padStart(11)}  ${pathText(path)}`];
}

function sizeRow({ largestBytes, files, bytes }: SizeClass): Row {
  return [capitalized(sizeLabel(largestBytes)), `${counted(files, 'file')}, ${formatBytes(bytes)}`];
}

/** "empty", "up to 10 KiB", "larger". */
export function sizeLabel(largestBytes: number | undefined): string {
  if (largestBytes === undefined) return 'larger';
  return largestBytes === 0 ? 'empty' : `up to ${formatBytes(largestBytes).replace(/\.0+ /, ' ')}`;
}
