/** A terminal shows a bar for each phase, and it is never full before the end. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

const TIME = { mtimeNs: 1_600_000_000_000_000_000n };

/** script(1) runs the command on a terminal and captures its output. */
async function onTerminal(
  trees: Trees,
  args: string,
  columns = 120,
  locale: Readonly<Record<string, string>> = {},
): Promise<string> {
  const command = `stty cols ${columns}; '${process.execPath}' '${CLI}' '${trees.source}' '${trees.destination}' ${args}`;
  const env = { ...cleanEnvironment(), TERM: 'xterm', ...locale };
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], { env, cwd: '/' });
  return stdout;
}

describeWith(['script'], 'on a terminal', () => {
  test('the progress bar moves, and never shows 100%', async ({ trees }) => {
    const files = Array.from({ length: 12 }, (_, index): NamedNode => [
      `f${index}`,
      file('x'.repeat(100_000)),
    ]);
    await writeTree(trees.source, files);
    const shown = await onTerminal(trees, '--bwlimit=600');
    const percentages = [...shown.matchAll(/Syncing (\d+)%/g)].map((match) => Number(match[1]));
    expect(new Set(percentages).size).toBeGreaterThan(2);
    expect(percentages).toEqual(percentages.toSorted((a, b) => a - b));
    expect(percentages).not.toContain(100);
    expect(shown).toContain('Success');
  });

  test('source, destination and finished phases stay on the screen', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'.repeat(100_000)) });
    const shown = await onTerminal(trees, '--bwlimit=200');
    const lines = shown.split(/[\r\n]+/).map((line) => line.replaceAll(/\x1b\[[\d;]*[A-Za-z]/g, ''));
    expect(lines.join('\n')).toContain(`${trees.source} -> ${trees.destination}\n`);
    for (const phase of ['Preparing: 1 entry listed', 'Syncing: 1 file', 'Verifying: 1 file'])
      expect(lines.filter((line) => line.includes(phase) && / in /.test(line))).toHaveLength(1);
  });

  test('there is no live line where standard output is a pipe: phases are in it', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'.repeat(100_000)) });
    const shown = await onTerminal(trees, '--bwlimit=200 | cat');
    expect(shown).not.toMatch(/Syncing \d+%|\x1b\[/);
    expect(shown).toMatch(/^Syncing: 1 file, .* in /m);
  });

  test('a terminal without a size is not flooded', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'.repeat(100_000)) });
    const shown = await onTerminal(trees, '--bwlimit=200', 0);
    expect(shown).toContain('Success');
    expect(shown.length).toBeLessThan(50_000);
  });

  test('the locale C gets ASCII', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'.repeat(100_000)) });
    expect(await onTerminal(trees, '--bwlimit=200')).toMatch(/[\u2800-\u28ff] Preparing/);
    const locales = [
      { LC_ALL: 'C' },
      { LC_ALL: '', LC_CTYPE: 'POSIX' },
      { LC_ALL: '', LC_CTYPE: '', LANG: '' },
    ];
    for (const locale of locales) {
      const shown = await onTerminal(trees, '--bwlimit=200 --stats', 120, locale);
      expect(shown).toMatch(/[-\\|/] Preparing/);
      expect(shown).toContain('Success');
      expect(shown).not.toMatch(/[^\0-\x7f]/);
    }
  });

  test('a difference is listed once on a terminal, with what heals it', async ({ trees }) => {
    await writeTree(trees.source, { a: file('one', TIME) });
    await writeTree(trees.destination, { a: file('two', TIME) });
    const line = /content mismatch: a: content differs; run again with --checksum or --repair/g;
    const shown = await onTerminal(trees, '--omit-dir-times; true');
    expect(shown.match(line)).toHaveLength(1);
    expect(shown).toContain('Verification failure: 1 path differs');
    const apart = await onTerminal(trees, '2> /dev/null; true');
    expect(apart.match(line)).toHaveLength(1);
    expect(apart).toContain('Differences: 1 path');
  });

  test('a problem is listed again only below a list of changes', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a') });
    const list = join(trees.directory, 'list');
    await writeFile(list, 'a\ngone\n');
    const shown = await onTerminal(trees, `--files-from='${list}'; true`);
    expect(shown.match(/cannot find/g)).toHaveLength(1);
    expect(shown).toMatch(/Problems +1 failed/);
    const listed = await onTerminal(trees, `-v --files-from='${list}'; true`);
    expect(listed.match(/cannot find/g)).toHaveLength(2);
  });

  test('--help has the width of the terminal, and 80 columns on a narrow one', async ({ trees }) => {
    const widthAt = async (columns: number): Promise<number> => {
      const shown = await onTerminal(trees, '--help', columns);
      return Math.max(...shown.split(/\r?\n/).map((line) => line.length));
    };
    expect(await widthAt(100)).toBeGreaterThan(80);
    expect(await widthAt(100)).toBeLessThanOrEqual(100);
    for (const columns of [80, 50, 0]) expect(await widthAt(columns)).toBeLessThanOrEqual(80);
  });

  test('-q shows nothing', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    expect(await onTerminal(trees, '-q')).toBe('');
  });
});
