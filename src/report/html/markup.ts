/**
 * HTML by tagged templates, in which every inserted value is escaped unless it is markup itself; and what
 * several sections show: bars, and lists of paths.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { displayName } from '../../model/display-name.ts';

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | undefined | readonly Part[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  // Removes the indentation of our source.
  const texts = strings.map((text, index) => text.replaceAll(/\n +/g, '\n') + markupText(parts[index]));
  return new Markup(texts.join(''));
}

function markupText(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return escape(part);
  return typeof part === 'number' ? String(part) : part.map(markupText).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] as string);
}

/** A bar as long as its share of the whole; numbers beside it say the same. */
export function shareBar(share: number): Markup {
  const percent = Math.min(100, Math.max(0, share * 100));
  return html`<div class="bar" aria-hidden="true"><div style="width:${percent.toFixed(1)}%"></div></div>`;
}

/** `path` is latin1; `shown` is displayed in its place. */
export interface PathItem {
  readonly path: ByteString;
  readonly markup: (shown: string) => Markup;
}

/**
 * Grouped under their directory's name, so that no line repeats a long name. Directories come in the order of
 * their first item.
 */
export function pathList(items: readonly PathItem[]): Markup {
  const byDirectory = new Map<string, PathItem[]>();
  for (const item of items) {
    const directory = directoryOf(item.path);
    const alike = byDirectory.get(directory);
    if (alike === undefined) byDirectory.set(directory, [item]);
    else alike.push(item);
  }
  return html`<ul class="paths">
    ${Array.from(byDirectory, ([directory, alike]) => directoryMarkup(directory, alike))}
  </ul> `;
}

function directoryMarkup(directory: ByteString, items: readonly PathItem[]): Markup {
  if (directory === '' || items.length === 1) {
    return html`${items.map(({ path, markup }) => markup(displayName(path === '' ? '.' : path)))}`;
  }
  return html`<li class="directory">
    <code>${displayName(directory)}</code>
    <ul>
      ${items.map(({ path, markup }) => markup(displayName(path.slice(directory.length))))}
    </ul>
  </li> `;
}

/** Ends in a slash; empty for paths at the root. */
function directoryOf(path: ByteString): ByteString {
  return path.slice(0, path.replace(/\/+$/, '').lastIndexOf('/') + 1);
}
