/** What a dry run would do: its first changes, deletions first. */
import type { ListedChange } from '../../model/change.ts';
import type { Report } from '../../model/run/report.ts';
import { plannedChanges } from '../text/headline.ts';
import { displayName } from '../../model/display-name.ts';
import { counted, formatCount } from '../text/quantities.ts';
import { html, pathList, type Markup, type PathItem } from './markup.ts';

/** Visible items per group; the others unfold. */
const IN_SIGHT = 20;

export function changesSection({ changes, tally }: Report): Markup | undefined {
  if (changes === undefined || changes.length === 0) return undefined;
  const total = plannedChanges(tally);
  const extent = changes.length < total ? `The first ${formatCount(changes.length)} of them:` : '';
  const deletions = changes.filter(isDeletion);
  const others = changes.filter((change) => !isDeletion(change));
  return html`<section id="changes">
    <h2>What would be done</h2>
    <p>${counted(total, 'change')}. ${extent}</p>
    ${groupMarkup('Deleted', tally.entriesToDelete, deletions)}
    ${groupMarkup('Created and changed', total - tally.entriesToDelete, others)}
  </section> `;
}

function isDeletion({ itemized }: ListedChange): boolean {
  return itemized.startsWith('*deleting');
}

function groupMarkup(title: string, count: number, changes: readonly ListedChange[]): Markup | undefined {
  if (changes.length === 0) return undefined;
  const rest = changes.slice(IN_SIGHT);
  return html`<section class="group">
    <h3>${title} <span class="count">${formatCount(count)}</span></h3>
    ${pathList(changes.slice(0, IN_SIGHT).map(changeItem))}
    ${
      rest.length === 0
        ? undefined
        : html`<details>
            <summary>${formatCount(rest.length)} more</summary>
            ${pathList(rest.map(changeItem))}
          </details>`
    }
  </section> `;
}

function changeItem(change: ListedChange): PathItem {
  const { path, linkedTo } = change;
  const what = wordsOf(change);
  const arrow = what === 'move' ? '←' : '→';
  const link =
    linkedTo === undefined ? undefined : html`<span class="reason">${arrow} ${displayName(linkedTo)}</span>`;
  return {
    path,
    markup: (shown: string) =>
      html`<li><span class="what">${what}</span> <code>${shown}</code> ${link}</li> `,
  };
}

/** Spells out rsync's letters. */
function wordsOf({ itemized }: ListedChange): string {
  const word = /^\*(\w+)/.exec(itemized)?.[1];
  if (word === 'deleting') return 'delete';
  if (word === 'renaming') return 'respell';
  if (word === 'moving') return 'move';
  if (itemized.startsWith('h')) return 'link';
  if (itemized.startsWith('.')) return 'adjust';
  if (itemized.includes('+')) return 'create';
  return 'replace';
}
