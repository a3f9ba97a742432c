/**
 * `--report=FILE.html`: one file for the person who asks whether everything is there. The answer comes first. It
 * loads nothing, runs nothing, and says so to the browser.
 */
import { displayName } from '../../model/display-name.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Report } from '../../model/report.ts';
import type { Task } from '../../model/task.ts';
import { outcomeOfError } from '../../policy/outcome.ts';
import { absolutePath } from '../absolute-path.ts';
import { exitStatusOf } from '../exit-status.ts';
import { reportRows, statisticsRows, type Row } from '../format/report-rows.ts';
import { errorText } from '../format/sentences.ts';
import { counted, formatDuration } from '../format/units.ts';
import { totalOf } from '../metrics/run-metrics.ts';
import { packageVersion } from '../version.ts';
import { answerOf, answerOfError, exceptionsTo, type Answer } from './answer.ts';
import { differencesSection, problemsSection } from './findings.ts';
import { html, Markup } from './markup.ts';
import { timeSection } from './over-time.ts';
import { sizesSection, slowestSection } from './over-tree.ts';
import { STYLE } from './style.ts';

export interface PageSubject {
  readonly task: Task;
  /** Where all problems and differences are told, however many there are. */
  readonly logFile: string | undefined;
}

export function reportPage(report: Report, { logFile }: PageSubject): string {
  const { statistics, task } = report;
  const answer = answerOf(report);
  const facts: Row[] = [
    ...taskFacts(task),
    ['Began', dateText(report.startedAt)],
    ['Took', formatDuration(report.elapsedMs)],
    ['Result', resultOf(report.outcome)],
  ];
  const found = [problemsSection(report, logFile), differencesSection(report, logFile)];
  const body = [
    header(answer, facts, html`${linksToFindings(report)}${exceptionsMarkup(exceptionsTo(report))}`),
    countsSection(report),
    timeSection(report),
    statistics && slowestSection(statistics),
    statistics && sizesSection(statistics),
    found,
  ];
  return pageOf(answer, html`${body}`);
}

export function errorPage(error: unknown, { task }: PageSubject): string {
  const answer = answerOfError(errorText(error));
  return pageOf(
    answer,
    header(answer, [...taskFacts(task), ['Result', resultOf(outcomeOfError(error))]], undefined),
  );
}

function resultOf(outcome: Outcome): string {
  return `${outcome.status} (exit status ${exitStatusOf(outcome)})`;
}

function pageOf({ headline, tone }: Answer, body: Markup): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${headline} – efs-sync</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body class="${tone}">
        <main>
          ${body}
          <footer>efs-sync ${packageVersion()}, ${dateText(new Date())}</footer>
        </main>
      </body>
    </html> `;
  return page.text;
}

const MARKS: Readonly<Record<Answer['tone'], string>> = { yes: '✓', no: '✗', unsure: '!' };

function header(
  { tone, headline, explanation }: Answer,
  facts: readonly Row[],
  more: Markup | undefined,
): Markup {
  return html`<header>
    <h1><span class="mark" aria-hidden="true">${MARKS[tone]}</span>${headline}</h1>
    <p class="lead">${explanation}</p>
    <dl class="facts">
      ${facts.map(
        ([label, text]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${text}</dd>
          </div>`,
      )}
    </dl>
    ${more}
  </header>`;
}

function linksToFindings({ problemCounts, verdictCounts }: Report): Markup | undefined {
  const [problems, differences] = [totalOf(problemCounts), totalOf(verdictCounts)];
  if (problems + differences === 0) return undefined;
  return html`<p class="links">
    ${problems > 0 ? html`<a href="#problems">${counted(problems, 'problem')}</a>` : undefined}
    ${differences > 0 ? html`<a href="#differences">${counted(differences, 'difference')}</a>` : undefined}
  </p>`;
}

function exceptionsMarkup(exceptions: readonly string[]): Markup | undefined {
  if (exceptions.length === 0) return undefined;
  return html`<ul class="exceptions">
    ${exceptions.map((exception) => html`<li>${exception}</li>`)}
  </ul>`;
}

function countsSection(report: Report): Markup {
  const rows = reportRows(report).filter(([label]) => label !== 'Time');
  return html`<section>
    <h2>Counts</h2>
    <table class="counts">
      <tbody>
        ${rows.map(countRow)}
      </tbody>
    </table>
    <details>
      <summary>Every count</summary>
      <table class="counts">
        <tbody>
          ${statisticsRows(report).map(countRow)}
        </tbody>
      </table>
    </details>
  </section> `;
}

function countRow([label, text]: Row): Markup {
  return html`<tr>
    <th scope="row">${label}</th>
    <td>${text}</td>
  </tr> `;
}

function taskFacts({ name, source, destination }: Task): Row[] {
  const called: Row[] = name === undefined ? [] : [['Task', displayName(name)]];
  return [...called, ['Source', rootText(source)], ['Destination', rootText(destination)]];
}

function rootText(path: string): string {
  return displayName(absolutePath(path));
}

/** "2026-11-24 17:05:00 UTC": no time zone or language of this machine. */
function dateText(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
