/** The report as text: the verdict first, then what was done, then each thing that went wrong. */
import type { Report } from '../../model/report.ts';
import { exitStatusOf } from '../exit-status.ts';
import { displayText } from '../../model/display-name.ts';
import { totalOf } from '../metrics/run-metrics.ts';
import type { Paint } from '../paint.ts';
import { headlineOf } from './headline.ts';
import { reportRows, statisticsRows, type Row } from './report-rows.ts';
import { problemLine, verdictLine } from './sentences.ts';
import { statisticsSections } from './statistics-rows.ts';
import { counted, formatCount } from './units.ts';

export interface ReportStyle {
  readonly paint: Paint;
  readonly stats: boolean;
  /** At most so many problems, and so many verdicts; 0 leaves both lists out. */
  readonly listLimit: number;
}

export function formatReport(report: Report, style: ReportStyle): string {
  const { problemCounts, verdictCounts } = report;
  const problems = report.problems.map((problem) => problemLine(problem, report.task));
  const verdicts = report.verdicts.map(verdictLine);
  const sections = [
    [paintHeadline(report, style.paint), ...alignRows(reportRows(report))],
    ...(style.stats ? countSections(report) : []),
    report.notes.map((note) => `Note: ${displayText(note)}`),
    listOf('Problems', problems, totalOf(problemCounts), style.listLimit),
    listOf('Differences', verdicts, totalOf(verdictCounts), style.listLimit),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function countSections(report: Report): string[][] {
  const { statistics } = report;
  const counts = { title: 'Statistics', rows: statisticsRows(report) };
  const sections = statistics === undefined ? [counts] : [counts, ...statisticsSections(statistics)];
  return sections.map(({ title, rows }) => [title].concat(alignRows(rows)));
}

function paintHeadline(report: Report, paint: Paint): string {
  const headline = headlineOf(report);
  if (report.outcome.status === 'Success') return paint.boldGreen(headline);
  return `${paint.boldRed(headline)} (exit status ${exitStatusOf(report.outcome)})`;
}

function alignRows(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`);
}

function listOf(title: string, lines: readonly string[], count: number, limit: number): string[] {
  if (count === 0 || limit === 0) return [];
  const shown = lines.slice(0, limit);
  // A path may have several lines.
  const more = Math.max(count, lines.length) - shown.length;
  const hint = lines.length > limit ? '; --report=FILE lists more' : '';
  const rest = more > 0 ? [`  ... and ${formatCount(more)} more${hint}`] : [];
  return [`${title}: ${counted(count, 'path')}`, ...shown.map((line) => `  ${line}`), ...rest];
}
