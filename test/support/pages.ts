/** The Markdown pages of the project, their relative links and their headings. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

const ROOT = new URL('../../', import.meta.url);

/** Relative to the project's root. */
export const PAGES: readonly string[] = ['.', 'docs', 'bench'].flatMap((directory) =>
  readdirSync(new URL(directory, ROOT))
    .filter((name) => name.endsWith('.md'))
    .map((name) => posix.join(directory, name)),
);

export interface Link {
  /** Relative to the project's root. */
  readonly path: string;
  /** A heading's anchor; empty for the page itself. */
  readonly anchor: string;
}

export function readPage(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** Links without a scheme. */
export function linksOf(page: string): Link[] {
  const links = [...withoutCode(readPage(page)).matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]*))?\)/g)];
  return links.map(([, path = '', anchor = '']) => ({
    path: path === '' ? page : posix.join(posix.dirname(page), path),
    anchor,
  }));
}

/** As forges derive them from headings. */
export function anchorsOf(page: string): string[] {
  const headings = [...withoutCode(readPage(page)).matchAll(/^#+ (.*)$/gm)];
  return headings.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '');
}
