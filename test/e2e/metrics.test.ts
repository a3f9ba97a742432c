/** Metrics files describe a run, are complete at any time, and also describe a run that could not begin. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI } from '../support/run-cli.ts';
import { sync, test, verify, type Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

/** Reads one metric from the file. */
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
  test('has counts and the result of the run, and leaves no other file', async ({ trees }) => {
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

  test('reports a run that could not begin, and keeps the time of the last success', async ({ trees }) => {
    const path = metricsFile(trees);
    await sync(trees, [`--metrics=${path}`]);
    const success = metric(path, 'last_success_timestamp_seconds');
    expect(success).toBeGreaterThan(0);
    await sync({ ...trees, source: '/none' }, [`--metrics=${path}`], { status: 3 });
    expect(metric(path, 'exit_status')).toBe(3);
    expect(metric(path, 'last_success_timestamp_seconds')).toBe(success);
  });

  test('has absolute roots, and every user may read it whatever the umask', async ({ trees }) => {
    const path = metricsFile(trees);
    const command = ['-c', 'umask 077; exec "$@"', 'sh', process.execPath, CLI];
    const args = ['source', 'destination', `--metrics=${path}`, `--state-dir=${trees.directory}/state`];
    const status = () => spawnSync('sh', [...command, ...args], { cwd: trees.directory }).status;
    const mode = () => (statSync(path).mode & 0o777).toString(8);
    expect([status(), mode()]).toEqual([0, '644']);
    expect(readFileSync(path, 'utf8')).toContain(
      `{source="${trees.source}",destination="${trees.destination}"}`,
    );
    // An administrator may restrict the mode.
    chmodSync(path, 0o640);
    expect([status(), mode()]).toEqual([0, '640']);
  });

  test('a file that cannot be written is found before anything is done', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    const { stderr } = await sync(trees, ['--metrics=/none/x.prom'], { status: 1 });
    expect(stderr).toContain('cannot write --metrics=/none/x.prom: No such file or directory');
    expect(readdirSync(trees.destination)).toEqual([]);
  });
});

describeWith(['promtool'], 'Prometheus', () => {
  test('accepts the file', async ({ trees }) => {
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

test('--emf: the result for an alarm, even if the run could not begin', async ({ trees }) => {
  await writeTree(trees.source, { a: file('12345'), b: file('1') });
  const path = join(trees.directory, 'emf');
  await verify(trees, [`--emf=${path}`], { status: 40 });
  await sync(trees, [`--emf=${path}`]);
  await sync({ ...trees, source: '/none' }, [`--emf=${path}`], { status: 3 });
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const ends = lines.map(({ ExitStatus, Result, Problems, Differences }) => [
    ExitStatus,
    Result,
    Problems,
    Differences,
  ]);
  expect(ends).toEqual([
    [40, 'Verification failure', 0, 3],
    [0, 'Success', 0, 0],
    [3, 'Error', 0, 0],
  ]);
  for (const { Duration, _aws } of lines) {
    expect(Duration).toBeGreaterThan(0);
    const { CloudWatchMetrics } = _aws as { CloudWatchMetrics: { Metrics: object[] }[] };
    expect(CloudWatchMetrics[0]?.Metrics).toContainEqual({ Name: 'ExitStatus', Unit: 'None' });
  }
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
