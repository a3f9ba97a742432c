/** What is shown, and in which colours, by the options and the terminal. */
import { expect, test } from 'vitest';
import type { Options } from '../../../../src/cli/options/options.ts';
import { resolvePresentation } from '../../../../src/cli/options/resolve-settings.ts';
import { wantsColor } from '../../../../src/report/screen.ts';

test.each<[Options, string]>([
  [{}, 'none'],
  [{ itemizeChanges: true }, 'itemized'],
  [{ verbose: true }, 'paths'],
  [{ verbose: true, itemizeChanges: true }, 'itemized'],
  [{ dryRun: true }, 'itemized'],
  [{ dryRun: true, verbose: true }, 'paths'],
  [{ dryRun: true, quiet: true }, 'none'],
  [{ itemizeChanges: true, outFormat: '%n' }, 'formatted'],
  [{ quiet: true, outFormat: '%n' }, 'none'],
  [{ itemizeUnchanged: true }, 'itemized'],
  [{ itemizeUnchanged: true, itemizeChanges: false }, 'none'],
  [{ itemizeChanges: true, json: true }, 'none'],
])('%j lists %s', (options, listing) => {
  expect(resolvePresentation('sync', options).listing).toBe(listing);
});

test('-P is progress', () => {
  expect(resolvePresentation('sync', { P: true }).progress).toBe(true);
});

test.each([
  ['auto', true, {}, true],
  ['auto', false, {}, false],
  ['auto', true, { NO_COLOR: '1' }, false],
  ['auto', true, { NO_COLOR: '' }, true],
  ['auto', true, { TERM: 'dumb' }, false],
  ['auto', false, { FORCE_COLOR: '1' }, true],
  ['auto', true, { FORCE_COLOR: '0' }, false],
  ['auto', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ['always', false, { NO_COLOR: '1' }, true],
  ['never', true, { FORCE_COLOR: '1' }, false],
] as const)('--color=%s, terminal %s, %j: %s', (color, isTerminal, variables, expected) => {
  expect(wantsColor(isTerminal, color, variables)).toBe(expected);
});
