/** A bar as long as its share of the whole; the numbers beside it say the same. */
import { html, type Markup } from './markup.ts';

export function shareBar(share: number): Markup {
  const percent = Math.min(100, Math.max(0, share * 100));
  return html`<div class="bar" aria-hidden="true"><div style="width:${percent.toFixed(1)}%"></div></div>`;
}
