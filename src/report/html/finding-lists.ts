/** Lists problems and differences, grouped by kind with advice. */
import type { ByteString } from '../../model/byte-string.ts';
import { attemptWords, type Problem } from '../../model/run/problem.ts';
import { displayName, displayText } from '../../model/display-name.ts';
import type { Report } from '../../model/run/report.ts';
import type { DigestName } from '../../model/settings.ts';
import type { Task, Side } from '../../model/task.ts';
import type { Verdict, VerdictClass } from '../../model/run/verdict.ts';
import { joinPath } from '../text/sentences.ts';
import { capitalized, counted, formatCount, totalOf } from '../text/quantities.ts';
import { absoluteRoots } from '../../filesystem/operator-files/absolute-path.ts';
import { adviceOnProblem } from '../text/advice.ts';
import { ADVICE_ON_REPAIRS, adviceOnVerdict } from '../text/verdict-advice.ts';
import { type PathItem, pathList, html, type Markup } from './markup.ts';

/** Visible items per group; the others unfold. */
const IN_SIGHT = 10;

interface Group<Item> {
  readonly title: string;
  readonly advice: string;
  /** Counts all paths, not only those in the list. */
  readonly count: number;
  readonly items: readonly Item[];
}

export function problemsSection(
  { problems, problemCounts, task }: Report,
  logFile?: string,
): Markup | undefined {
  const total = totalOf(problemCounts);
  if (total === 0) return undefined;
  const roots = absoluteRoots(task);
  return section('problems', 'Problems', {
    extent: extentOf(problems, total, logFile),
    groups: groupProblems(problems).map((group) =>
      groupMarkup(group, (problem) => problemItem(problem, roots)),
    ),
  });
}

export function differencesSection(
  { verdicts, verdictCounts, task, command }: Report,
  logFile?: string,
): Markup | undefined {
  const heading = { id: 'differences', title: 'Differences' };
  const found = {
    verdicts,
    counts: verdictCounts,
    advise: (name: VerdictClass) => adviceOnVerdict(name, command),
  };
  return verdictsSection(heading, found, { digest: task.settings.digest, logFile });
}

/** What was different, and is equal now. */
export function repairsSection(
  { repairs = [], repairCounts = {}, task }: Report,
  logFile?: string,
): Markup | undefined {
  const found = { verdicts: repairs, counts: repairCounts, advise: () => ADVICE_ON_REPAIRS };
  return verdictsSection({ id: 'repaired', title: 'Repaired' }, found, {
    digest: task.settings.digest,
    logFile,
  });
}

interface FoundVerdicts {
  readonly verdicts: readonly Verdict[];
  readonly counts: Report['verdictCounts'];
  readonly advise: (name: VerdictClass) => string;
}

function verdictsSection(
  { id, title }: { id: string; title: string },
  { verdicts, counts, advise }: FoundVerdicts,
  { digest, logFile }: { digest: DigestName; logFile: string | undefined },
): Markup | undefined {
  const total = totalOf(counts);
  if (total === 0) return undefined;
  const groups = (Object.entries(counts) as [VerdictClass, number][]).map(([name, count]) => ({
    title: capitalized(name),
    advice: advise(name),
    count,
    items: verdicts.filter((verdict) => verdict.class === name),
  }));
  return section(id, title, {
    extent: extentOf(verdicts, total, logFile),
    groups: groups
      .toSorted(largestFirst)
      .map((group) => groupMarkup(group, (verdict) => verdictItem(verdict, digest))),
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

/** How many paths there are, and where to find those not listed here. A path may be listed twice: once per side. */
function extentOf(
  findings: readonly { readonly class: string; readonly path: ByteString }[],
  total: number,
  logFile: string | undefined,
): string {
  const all = counted(total, 'path');
  const listed = new Set(findings.map((finding) => `${finding.class}:${finding.path}`)).size;
  if (listed === total) return `${all}, all listed here.`;
  const where =
    logFile === undefined
      ? 'run with --log-file=FILE or --json to list them all'
      : `all are in ${displayName(logFile)}`;
  return `${all}. Only the first ${listed === 1 ? 'is' : `${formatCount(listed)} are`} listed here; ${where}.`;
}

/** By the attempt and its error, which together determine the advice. */
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
  itemOf: (item: Item) => PathItem,
): Markup {
  const listed = items.map(itemOf);
  const rest = listed.slice(IN_SIGHT);
  return html`<section class="group">
    <h3>${title} <span class="count">${formatCount(count)}</span></h3>
    <p><b>What to do:</b> ${advice}</p>
    ${pathList(listed.slice(0, IN_SIGHT))} ${rest.length > 0 ? restMarkup(rest) : undefined}
  </section> `;
}

function restMarkup(items: readonly PathItem[]): Markup {
  return html`<details>
    <summary>${formatCount(items.length)} more</summary>
    ${pathList(items)}
  </details> `;
}

function titleOf({ class: problemClass, attempt, code }: Problem): string {
  if (problemClass === 'vanished') return 'Vanished from the source';
  if (problemClass === 'changed') return 'Changed while being copied';
  return `Cannot ${attemptWords(attempt).replace(/ of$/, '')}${code === '' ? '' : ` (${code})`}`;
}

function problemItem({ side, path, reason }: Problem, roots: Pick<Task, Side>): PathItem {
  return {
    path: joinPath(roots[side], path),
    markup: (shown) =>
      html`<li><code>${shown}</code> <span class="reason">${displayText(reason)}</span></li> `,
  };
}

function verdictItem(
  { path, detail, sourceDigest, destinationDigest }: Verdict,
  digest: DigestName,
): PathItem {
  const digests =
    sourceDigest === undefined || destinationDigest === undefined
      ? undefined
      : html`<dl class="digests">
          <dt>source, ${digest}</dt>
          <dd><code>${sourceDigest}</code></dd>
          <dt>destination, ${digest}</dt>
          <dd><code>${destinationDigest}</code></dd>
        </dl>`;
  return {
    path,
    markup: (shown) =>
      html`<li><code>${shown}</code> <span class="reason">${displayText(detail)}</span>${digests}</li> `,
  };
}
