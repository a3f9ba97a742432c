/** On a terminal there is a bar for each phase, and it is never full before the end. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

/** script(1) gives the command a terminal and passes on all that is written to it. */
async function onTerminal(trees: Trees, args: string, columns = 120): Promise<string> {
  const command = `stty cols ${columns}; exec '${process.execPath}' '${CLI}' '${trees.source}' '${trees.destination}' ${args}`;
  const env = { ...cleanEnvironment(), TERM: 'xterm' };
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], { env, cwd: '/' });
  return stdout;
}

describeWith(['script'], 'on a terminal', () => {
  test('a bar moves, and ends before it is full', async ({ trees }) => {
    const files = Array.from({ length: 12 }, (_, index): NamedNode => [
      `f${index}`,
      file('x'.repeat(100_000)),
    ]);
    await writeTree(trees.source, files);
    const shown = await onTerminal(trees, '--bwlimit=600');
    const percentages = [...shown.matchAll(/Syncing [^%\r\n]* (\d+)%/g)].map((match) => Number(match[1]));
    expect(new Set(percentages).size).toBeGreaterThan(2);
    expect(percentages).toEqual(percentages.toSorted((a, b) => a - b));
    expect(percentages).not.toContain(100);
    expect(shown).toContain('Success');
  });

  test('a terminal that was never given a size does not run away', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'.repeat(100_000)) });
    const shown = await onTerminal(trees, '--bwlimit=200', 0);
    expect(shown).toContain('Success');
    expect(shown.length).toBeLessThan(50_000);
  });

  test('-q shows nothing there either', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    expect(await onTerminal(trees, '-q')).toBe('');
  });
});
