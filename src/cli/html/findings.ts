/** Problems and differences, those of a kind together with what to do about them. */
import { displayName, displayText } from '../../model/display-name.ts';
import type { Problem } from '../../model/problem.ts';
import type { Report } from '../../model/report.ts';
import type { DigestName } from '../../model/settings.ts';
import type { Task } from '../../model/task.ts';
import type { Verdict, VerdictClass } from '../../model/verdict.ts';
import { totalOf } from '../metrics/run-metrics.ts';
import { joinPath, pathText } from '../format/sentences.ts';
import { capitalized } from '../format/capitalized.ts';
import { counted, formatCount } from '../format/units.ts';
import { adviceOnProblem, adviceOnVerdict } from './advice.ts';
import { html, type Markup } from './markup.ts';

/** So many of a group are in sight; the rest unfolds. */
const IN_SIGHT = 10;

interface Group<Item> {
  readonly title: string;
  readonly advice: string;
  /** Of all paths, not only of those that are listed. */
  readonly count: number;
  readonly items: readonly Item[];
}

export function problemsSection(
  { problems, problemCounts, task }: Report,
  logFile?: string,
): Markup | undefined {
  const total = totalOf(problemCounts);
  if (total === 0) return undefined;
  return section('problems', 'Problems', {
    extent: extentOf(problems.length, total, logFile),
    groups: groupProblems(problems).map((group) =>
      groupMarkup(group, (problem) => problemItem(problem, task)),
    ),
  });
}

export function differencesSection(
  { verdicts, verdictCounts, task }: Report,
  logFile?: string,
): Markup | undefined {
  const total = totalOf(verdictCounts);
  if (total === 0) return undefined;
  const classes = Object.entries(verdictCounts) as [VerdictClass, number][];
  const groups = classes.map(([name, count]) => ({
    title: capitalized(name),
    advice: adviceOnVerdict(name),
    count,
    items: verdicts.filter((verdict) => verdict.class === name),
  }));
  return section('differences', 'Differences', {
    extent: extentOf(verdicts.length, total, logFile),
    groups: groups
      .toSorted(largestFirst)
      .map((group) => groupMarkup(group, (verdict) => verdictItem(verdict, task.settings.digest))),
  });
}

function section(
  id: string,
  title: string,
  { extent, groups }: { extent: string; groups: Markup[] },
): Markup {
  return html`<section id="${id}">
    <h2>${title}</h2>
    <p>${extent}</p>
    ${groups}
  </section> `;
}

/** How many there are, and where to find those that are not here. */
function extentOf(listed: number, total: number, logFile: string | undefined): string {
  const all = counted(total, 'path');
  if (listed === total) return `${all}, all of them listed.`;
  const where =
    logFile === undefined
      ? 'a run with --log-file=FILE or --json tells all'
      : `all are in ${displayName(logFile)}`;
  return `${all}. The first ${formatCount(listed)} are listed here; ${where}.`;
}

/** What was tried and how it failed says what to do. */
function groupProblems(problems: readonly Problem[]): Group<Problem>[] {
  const byTitle = new Map<string, Problem[]>();
  for (const problem of problems) {
    const title = titleOf(problem);
    const alike = byTitle.get(title);
    if (alike === undefined) byTitle.set(title, [problem]);
    else alike.push(problem);
  }
  const groups = Array.from(byTitle, ([title, items]) => ({
    title,
    advice: adviceOnProblem(items[0] as Problem),
    count: items.length,
    items,
  }));
  return groups.toSorted(largestFirst);
}

function largestFirst(one: { count: number }, other: { count: number }): number {
  return other.count - one.count;
}

function groupMarkup<Item>(
  { title, advice, count, items }: Group<Item>,
  itemMarkup: (item: Item) => Markup,
): Markup {
  const rest = items.slice(IN_SIGHT);
  return html`<section class="group">
    <h3>${title} <span class="count">${formatCount(count)}</span></h3>
    <p><b>What to do:</b> ${advice}</p>
    <ul class="paths">
      ${items.slice(0, IN_SIGHT).map(itemMarkup)}
    </ul>
    ${rest.length > 0 ? restMarkup(rest.map(itemMarkup)) : undefined}
  </section> `;
}

function restMarkup(items: readonly Markup[]): Markup {
  return html`<details>
    <summary>${formatCount(items.length)} more</summary>
    <ul class="paths">
      ${items}
    </ul>
  </details> `;
}

function titleOf({ class: problemClass, attempt, code }: Problem): string {
  if (problemClass === 'vanished') return 'Vanished from the source';
  if (problemClass === 'changed') return 'Changed while it was copied';
  return `Cannot ${displayText(attempt)}${code === '' ? '' : ` (${code})`}`;
}

function problemItem({ side, path, reason }: Problem, task: Task): Markup {
  return html`<li>
    <code>${displayName(joinPath(task[side], path))}</code> <span class="reason">${displayText(reason)}</span>
  </li> `;
}

function verdictItem({ path, detail, sourceDigest, destinationDigest }: Verdict, digest: DigestName): Markup {
  const digests =
    sourceDigest === undefined || destinationDigest === undefined
      ? undefined
      : html`<dl class="digests">
          <dt>source, ${digest}</dt>
          <dd><code>${sourceDigest}</code></dd>
          <dt>destination, ${digest}</dt>
          <dd><code>${destinationDigest}</code></dd>
        </dl>`;
  return html`<li>
    <code>${pathText(path)}</code>
    <span class="reason">${displayText(detail)}</span>${digests}
  </li> `;
}
