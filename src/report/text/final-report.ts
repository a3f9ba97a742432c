/** The report as text: first the verdict, then the work done, then each thing that went wrong. */
import { reportOfError } from '../../model/run/errors.ts';
import { REPORT_LIST_LIMIT, type Report } from '../../model/run/report.ts';
import { absoluteRoots } from '../../filesystem/operator-files/absolute-path.ts';
import { exitStatusOf } from '../exit-status.ts';
import { displayText } from '../../model/display-name.ts';
import { factsOf, factsOfSubject, type Fact, type RunSubject } from './facts.ts';
import { NO_PAINT, type Paint } from '../screen.ts';
import { headlineOf, plannedChanges } from './headline.ts';
import { reportRows, statisticsRows, type Row } from './report-rows.ts';
import { ruleSections } from './rule-sections.ts';
import { differenceLine, errorHeadline, itemizedLine, problemLine, verdictLine } from './sentences.ts';
import { statisticsSections } from './statistics-rows.ts';
import { counted, formatCount, totalOf } from './quantities.ts';

export interface ReportStyle {
  readonly paint: Paint;
  readonly stats: boolean;
  /** Adds user, machine, mounts and options, for a report that stands alone. */
  readonly facts?: boolean;
  /** Replaces the report's own headline. */
  readonly headline?: string;
  /** The most problems and the most verdicts to list; 0 leaves the lists out. */
  readonly listLimit: number;
  /** The most verdicts, where it is not the same. */
  readonly verdictLimit?: number;
}

export function formatReport(report: Report, style: ReportStyle): string {
  const { problemCounts, verdictCounts, repairs = [], repairCounts } = report;
  const { listLimit, verdictLimit = listLimit } = style;
  const roots = style.facts ? absoluteRoots(report.task) : report.task;
  const problems = report.problems.map((problem) => problemLine(problem, roots));
  const by = { command: report.command, repairs: report.task.settings.repair };
  const verdicts = report.verdicts.map((verdict) => verdictLine(verdict, by));
  const headline = style.headline ?? paintHeadline(report, style.paint);
  const counts = alignRows(reportRows(report, style.stats));
  const sections = [
    style.facts ? [headline, ...factLines(factsOf(report))] : [headline, ...counts],
    ...ruleSections(report),
    report.notes.map((note) => `Note: ${displayText(note)}`),
    listOf('Problems', problems, totalOf(problemCounts), listLimit),
    listOf('Repaired', repairs.map(differenceLine), totalOf(repairCounts), verdictLimit),
    listOf('Differences', verdicts, totalOf(verdictCounts), verdictLimit),
    style.facts ? changeLines(report) : [],
    style.facts ? ['Counts', ...counts] : [],
    ...(style.stats ? countSections(report) : []),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** For a run that an error ended: includes the work done before, if the run had begun. */
export function formatError(error: unknown, subject: RunSubject, endedAt = new Date()): string {
  const report = reportOfError(error);
  const [headline, style] = [errorHeadline(error), { paint: NO_PAINT, stats: true, facts: true }];
  if (report !== undefined) return formatReport(report, { ...style, headline, listLimit: REPORT_LIST_LIMIT });
  return `${[headline, ...factLines(factsOfSubject(subject, endedAt))].join('\n')}\n`;
}

function factLines(facts: readonly Fact[]): string[] {
  return alignRows(
    facts.flatMap(({ label, lines }) => lines.map((line, index): Row => [index === 0 ? label : '', line])),
  );
}

function countSections(report: Report): string[][] {
  const { statistics } = report;
  const counts = { title: 'Statistics', rows: statisticsRows(report) };
  const sections = statistics === undefined ? [counts] : [counts, ...statisticsSections(statistics)];
  return sections.map(({ title, rows }) => [title].concat(alignRows(rows)));
}

function paintHeadline(report: Report, paint: Paint): string {
  const headline = headlineOf(report);
  if (report.outcome.status === 'Success') {
    const isProof = report.coverage.scope !== 'nothing' || report.command === 'prepare';
    return isProof ? paint.boldGreen(headline) : paint.boldYellow(headline);
  }
  return `${paint.boldRed(headline)} (exit status ${exitStatusOf(report.outcome)})`;
}

function alignRows(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`);
}

function changeLines({ changes = [], tally }: Report): string[] {
  if (changes.length === 0) return [];
  const more = plannedChanges(tally) - changes.length;
  return [
    `Changes: ${counted(plannedChanges(tally), 'path')}`,
    ...changes.map((change) => `  ${itemizedLine(change)}`),
    ...(more > 0 ? [`  ... and ${formatCount(more)} more; --log-file=FILE lists them all`] : []),
  ];
}

function listOf(title: string, lines: readonly string[], count: number, limit: number): string[] {
  if (count === 0 || limit === 0) return [];
  const shown = lines.slice(0, limit);
  // One path may have several lines.
  const more = Math.max(count, lines.length) - shown.length;
  const hint = lines.length > limit ? '; --report=FILE lists more' : '';
  const rest = more > 0 ? [`  ... and ${formatCount(more)} more${hint}`] : [];
  return [`${title}: ${counted(count, 'path')}`, ...shown.map((line) => `  ${line}`), ...rest];
}
