/**
 * Sizes and rates as rsync reads them: accepted forms, and the byte at which --max-size begins to leave files
 * out.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseRate, parseSize } from '../../src/cli/options/table/option-values.ts';
import { describeWith } from '../support/requirements.ts';
import { test, type Trees } from '../support/scenario.ts';

const SIZES = [
  '0',
  '1',
  '1b',
  '1k',
  '1K',
  '1kb',
  '1KiB',
  '1kB-1',
  '1.5m+1',
  '1.5mb-1',
  '.5k',
  '5.',
  '1+1',
  '1.0005k',
  '3g',
  '0.001t',
];
const NO_SIZES = [
  '1x',
  '1ki',
  '1kib1',
  '+1',
  '-1',
  '1k+2',
  '8192P',
  '8192P-1',
  '9000P',
  '1e3',
  ' 1',
  '1,5k',
  '1T+1-1',
  '0x10',
  '0-1',
];
const RATES = ['0', '1', '0.5', '512b', '100', '1.5m', '1k-1', '0b', '2MB'];
const NO_RATES = ['0.4', '511b', '1x', '-1', 'fast'];

function makeSparse(path: string, sizeBytes: number): void {
  const descriptor = openSync(path, 'w');
  ftruncateSync(descriptor, sizeBytes);
  closeSync(descriptor);
}

function rsync({ source, directory }: Trees, option: string): { status: number | null; listed: string[] } {
  const args = ['-rn', '--out-format=%n', option, `${source}/`, join(directory, 'none')];
  const { status, stdout } = spawnSync('rsync', args, { encoding: 'utf8' });
  return { status, listed: stdout.split('\n').filter((line) => line.startsWith('f')) };
}

describeWith(['rsync'], 'sizes and rates mean what they mean to rsync', () => {
  test.for(SIZES)('--max-size=%s', (text, { memoryTrees }) => {
    makeSparse(join(memoryTrees.source, 'f1'), parseSize(text));
    makeSparse(join(memoryTrees.source, 'f2'), parseSize(text) + 1);
    expect(rsync(memoryTrees, `--max-size=${text}`)).toEqual({ status: 0, listed: ['f1'] });
  });

  test.for(NO_SIZES)('--max-size=%s is refused', (text, { memoryTrees }) => {
    expect(() => parseSize(text)).toThrow();
    expect(rsync(memoryTrees, `--max-size=${text}`)).toEqual({ status: 1, listed: [] });
  });

  test.for(RATES)('--bwlimit=%s', (text, { memoryTrees }) => {
    expect(parseRate(text)).toBeGreaterThanOrEqual(0);
    expect(rsync(memoryTrees, `--bwlimit=${text}`).status).toBe(0);
  });

  test.for(NO_RATES)('--bwlimit=%s is refused', (text, { memoryTrees }) => {
    expect(() => parseRate(text)).toThrow();
    expect(rsync(memoryTrees, `--bwlimit=${text}`).status).toBe(1);
  });
});
