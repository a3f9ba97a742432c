/**
 * `--report=FILE.html`: one file for people who ask whether everything is there. The answer comes first. It
 * loads nothing and runs no script, and tells the browser to allow neither.
 */
import { reportOfError } from '../../model/run/errors.ts';
import type { Outcome } from '../../model/run/outcome.ts';
import type { Report } from '../../model/run/report.ts';
import { outcomeOfError } from '../../policy/decide-outcome.ts';
import { capitalized, counted, formatDuration, totalOf } from '../text/quantities.ts';
import { exitStatusOf } from '../exit-status.ts';
import { dateText, factsOf, factsOfSubject, type Fact, type RunSubject } from '../text/facts.ts';
import { reportRows, type Row, statisticsRows } from '../text/report-rows.ts';
import { errorText } from '../text/sentences.ts';
import { packageVersion } from '../version.ts';
import { adviceOnError } from '../text/advice.ts';
import { type Answer, answerOf, answerOfError, exceptionsTo } from './answer.ts';
import { changesSection } from './changes.ts';
import { differencesSection, problemsSection, repairsSection } from './finding-lists.ts';
import { html, Markup } from './markup.ts';
import { timeSection } from './over-time.ts';
import { sizesSection, slowestSection } from './over-tree.ts';
import { STYLE } from './style.ts';

type PageSubject = Pick<RunSubject, 'logFile'>;

export function reportPage(report: Report, { logFile }: PageSubject): string {
  return pageOfReport(answerOf(report), report, { logFile });
}

function pageOfReport(
  answer: Answer,
  report: Report,
  { logFile, advice }: PageSubject & { advice?: string | undefined },
): string {
  const { statistics } = report;
  const facts = [
    ...factsOf(report),
    { label: 'Took', lines: [formatDuration(report.elapsedMs)] },
    { label: 'Result', lines: [resultOf(report.outcome)] },
  ];
  const found = [
    problemsSection(report, logFile),
    differencesSection(report, logFile),
    repairsSection(report, logFile),
  ];
  const body = [
    header(
      answer,
      facts,
      html`${adviceMarkup(advice)}${linksToFindings(report)}${exceptionsMarkup(exceptionsTo(report))}`,
    ),
    found,
    changesSection(report),
    countsSection(report),
    timeSection(report),
    statistics && slowestSection(statistics),
    statistics && sizesSection(statistics),
  ];
  return pageOf(answer, html`${body}`);
}

export function errorPage(error: unknown, subject: RunSubject): string {
  const answer = answerOfError(capitalized(errorText(error)));
  const report = reportOfError(error);
  if (report !== undefined) {
    return pageOfReport(answer, report, { logFile: subject.logFile, advice: adviceOnError(error) });
  }
  const facts = [
    ...factsOfSubject(subject, new Date()),
    { label: 'Result', lines: [resultOf(outcomeOfError(error))] },
  ];
  return pageOf(answer, header(answer, facts, adviceMarkup(adviceOnError(error))));
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

function adviceMarkup(advice: string | undefined): Markup | undefined {
  return advice === undefined ? undefined : html`<p><b>What to do:</b> ${advice}</p>`;
}

const MARKS: Readonly<Record<Answer['tone'], string>> = { yes: '✓', no: '✗', unsure: '!', plan: '→' };

function header(
  { tone, headline, explanation }: Answer,
  facts: readonly Fact[],
  more: Markup | undefined,
): Markup {
  return html`<header>
    <h1><span class="mark" aria-hidden="true">${MARKS[tone]}</span>${headline}</h1>
    <p class="lead">${explanation}</p>
    <dl class="facts">
      ${facts.map(
        ({ label, lines }) =>
          html`<div>
            <dt>${label}</dt>
            ${lines.map((line) => html`<dd>${line}</dd>`)}
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
  const rows = reportRows(report, true).filter(([label]) => label !== 'Time');
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
