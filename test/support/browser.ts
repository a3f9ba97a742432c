/** A page in Debian's chromium, as a reader sees it, with its requests and complaints. */
import { readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

export interface OpenPage {
  readonly page: Page;
  /** Addresses of all requests, the page itself first. */
  readonly requests: readonly string[];
  /** Errors, warnings, other console output, and dialogues. */
  readonly complaints: readonly string[];
}

/** Without the browser's sandbox, which root may not use: it opens only pages that a test wrote. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

export async function openFile(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const page = await browser.newPage(options);
  const [requests, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialogue: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`file://${path}`);
  return { page, requests, complaints };
}

/** Runs within the page. */
const FAINT_TEXTS = readFileSync(new URL('faint-texts.js', import.meta.url), 'utf8');

/** Texts whose colour is too close to their background. */
export async function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(FAINT_TEXTS);
}

export async function backgroundOf(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
}
