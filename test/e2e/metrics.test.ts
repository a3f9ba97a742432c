/** Metrics files tell how a run went, whole at any time, and of one that could not begin as well. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, type Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

/** The value of a metric in the file, by its name. */
function metric(path: string, name: string): number {
  const value = new RegExp(`^efs_sync_${name}\\{[^\\n]*\\} (\\S+)$`, 'm').exec(
    readFileSync(path, 'utf8'),
  )?.[1];
  return Number(value);
}

function metricsFile({ directory }: Trees): string {
  mkdirSync(join(directory, 'metrics'));
  return join(directory, 'metrics', 'efs.prom');
}

describe('--metrics', () => {
  test('has counts and the end of the run, and nothing else is left', async ({ trees }) => {
    await writeTree(trees.source, { a: file('12345'), b: file('1') });
    const path = metricsFile(trees);
    await sync(trees, [`--metrics=${path}`]);
    const names = [
      'running',
      'transferred_files',
      'transferred_bytes',
      'exit_status',
      'problems',
      'differences',
    ];
    expect(names.map((name) => metric(path, name))).toEqual([0, 2, 6, 0, 0, 0]);
    expect(readFileSync(path, 'utf8')).toContain(
      `{source="${trees.source}",destination="${trees.destination}"}`,
    );
    expect(readdirSync(join(trees.directory, 'metrics'))).toEqual(['efs.prom']);
  });

  test('tells of a run that could not begin, and keeps the time of the last success', async ({ trees }) => {
    const path = metricsFile(trees);
    await sync(trees, [`--metrics=${path}`]);
    const success = metric(path, 'last_success_timestamp_seconds');
    expect(success).toBeGreaterThan(0);
    await sync({ ...trees, source: '/none' }, [`--metrics=${path}`], { status: 3 });
    expect(metric(path, 'exit_status')).toBe(3);
    expect(metric(path, 'last_success_timestamp_seconds')).toBe(success);
  });

  test('a file that cannot be written is found before anything is done', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    const { stderr } = await sync(trees, ['--metrics=/none/x.prom'], { status: 1 });
    expect(stderr).toContain('cannot write --metrics=/none/x.prom: No such file or directory');
    expect(readdirSync(trees.destination)).toEqual([]);
  });
});

describeWith(['promtool'], 'Prometheus', () => {
  test('takes the file as it is', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    const path = metricsFile(trees);
    await sync(trees, [`--metrics=${path}`]);
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: readFileSync(path),
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

test('--emf: one line at the end of a short run, or on standard output', async ({ trees }) => {
  await writeTree(trees.source, { a: file('12345') });
  const path = join(trees.directory, 'emf');
  await sync(trees, [`--emf=${path}`]);
  const [line, rest] = readFileSync(path, 'utf8').split('\n');
  expect(JSON.parse(line ?? '')).toMatchObject({
    FilesTransferred: expect.any(Number) as number,
    LogicalBytesTransferred: 5,
  });
  expect(rest).toBe('');
  const { stdout } = await sync(trees, ['-q', '--emf=-']);
  expect(JSON.parse(stdout)).toMatchObject({ LogicalBytesTransferred: 0, BytesVerifiedDestination: 5 });
});
