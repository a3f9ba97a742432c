/** A short form of a run's statistics over time and over the tree, for text reports. */
import type { DirectoryTime, RunStatistics, SizeClass } from '../../model/run/run-statistics.ts';
import { capitalized, counted, formatBytes, formatDuration, formatRate } from './quantities.ts';
import { formatEntryRate, phaseRates, lengthOf, samplesByPhase, SHORTEST_RATE_MS } from './rates.ts';
import type { Row } from './report-rows.ts';
import { pathText } from './sentences.ts';

export interface RowSection {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Only sections that have content. */
export function statisticsSections(statistics: RunStatistics): RowSection[] {
  return [
    { title: 'Rates', rows: rateRows(statistics) },
    { title: 'Slowest directories', rows: worthTelling(statistics.slowestDirectories).map(directoryRow) },
    { title: 'File sizes', rows: statistics.fileSizes.map(sizeRow) },
  ].filter(({ rows }) => rows.length > 0);
}

/** A faster directory is not slow. */
const LEAST_SLOW_MS = 1000;

/** The slowest of all phases first. */
export function worthTelling(directories: readonly DirectoryTime[]): DirectoryTime[] {
  const slow = directories.filter(({ elapsedMs }) => elapsedMs >= LEAST_SLOW_MS);
  return slow.toSorted((one, other) => other.elapsedMs - one.elapsedMs);
}

/** Leaves out phases shorter than a second: their rates show the start, not the work. */
function rateRows({ timeSeries: all }: RunStatistics): Row[] {
  const long = [...samplesByPhase(all).values()].filter((samples) => lengthOf(samples) >= SHORTEST_RATE_MS);
  const timeSeries = long.flat();
  const content = phaseRates(timeSeries, ({ bytes }) => bytes);
  return phaseRates(timeSeries, ({ entries }) => entries).map(({ phase, meanPerSec, mostPerSec }, index) => {
    const bytes = content[index];
    const parts = [`entries ${formatEntryRate(meanPerSec)}, peak ${formatEntryRate(mostPerSec)}`];
    if (bytes !== undefined && bytes.mostPerSec > 0) {
      parts.push(`content ${formatRate(bytes.meanPerSec)}, peak ${formatRate(bytes.mostPerSec)}`);
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
