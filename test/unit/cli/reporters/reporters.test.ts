/** What a run prints, where, and in which order: plain, quiet, JSON and log. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Options } from '../../../../src/cli/options/options.ts';
import { resolvePresentation } from '../../../../src/cli/options/resolve-settings.ts';
import type { CommandReporter } from '../../../../src/report/reporters/command-reporter.ts';
import { createReporter } from '../../../../src/report/reporters/create-reporter.ts';
import { createScreen } from '../../../../src/report/screen.ts';
import { FatalError, UsageError } from '../../../../src/model/run/errors.ts';
import { PATIENT } from '../../../support/patience.ts';
import { PROBLEM, PROVENANCE, reportOf, TASK, tallyOf, VERDICT } from '../../../support/reports.ts';

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

async function printedBy(options: Options, run: (reporter: CommandReporter) => void): Promise<Printed> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr } as unknown as Parameters<typeof createScreen>[0];
  const screen = await createScreen(streams, 'auto', {});
  const losses = { lose: () => undefined, patience: PATIENT };
  const reporter = await createReporter(resolvePresentation('sync', options), TASK, screen, losses);
  run(reporter);
  await reporter.closed();
  screen.flush();
  return { stdout: textIn(stdout), stderr: textIn(stderr) };
}

function read(stream: PassThrough): Buffer | null {
  return stream.read() as Buffer | null;
}

/** One read returns one chunk or all of them, depending on Node's version. */
function textIn(stream: PassThrough): string {
  let text = '';
  for (let chunk = read(stream); chunk !== null; chunk = read(stream)) text += chunk.toString();
  return text;
}

function goodRun(reporter: CommandReporter): void {
  reporter.started(TASK, PROVENANCE);
  reporter.phaseStarted('preparing');
  reporter.progressed(tallyOf({ sourceEntries: 3, filesToTransfer: 1, bytesToTransfer: 2048 }));
  reporter.phaseEnded('preparing', 10.4);
  reporter.changed({ itemized: '>f+++++++++', path: 'd/f', sizeBytes: 2048 });
  reporter.finished(reportOf());
}

function badRun(reporter: CommandReporter): void {
  reporter.started(TASK, PROVENANCE);
  reporter.problem(PROBLEM);
  reporter.verdict(VERDICT);
  reporter.warned('3 owners were not kept');
  const counts = { failed: 1, vanished: 0, changed: 0 };
  reporter.finished(reportOf({ problems: [PROBLEM], problemCounts: counts }));
}

function refusedRun(reporter: CommandReporter): void {
  reporter.started(TASK, PROVENANCE);
  reporter.phaseStarted('preparing');
  reporter.failed(new UsageError('wrong'));
}

function failedRun(reporter: CommandReporter): void {
  reporter.failed(new FatalError('disk full', { code: 'ENOSPC', path: 'a\xff' }));
}

function runWithChangingLimits(reporter: CommandReporter): void {
  reporter.started(TASK, PROVENANCE);
  reporter.phaseStarted('preparing');
  reporter.limitsChanged({ bandwidthBytesPerSec: 2048, operationsPerSec: 0 });
  reporter.limitsChanged({ bandwidthBytesPerSec: 0, operationsPerSec: 1500 });
}

async function eventsOf(run: (reporter: CommandReporter) => void): Promise<Record<string, unknown>[]> {
  const { stdout } = await printedBy({ json: true }, run);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('plain', () => {
  test('phases and the report go to standard output', async () => {
    const { stdout, stderr } = await printedBy({}, goodRun);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      '/mnt/nfs -> /mnt/efs',
      'Preparing: 3 entries listed; 1 file (2.00 KiB) to transfer in 10 ms',
      'Success: nothing to transfer',
    ]);
    expect(stderr).toBe('');
  });

  test.each<[Options, string]>([
    [{ itemizeChanges: true }, '>f+++++++++ d/f'],
    [{ verbose: true }, 'd/f'],
  ])('%j lists changes', async (options, line) => {
    expect((await printedBy(options, goodRun)).stdout.split('\n')).toContain(line);
  });

  test('a refused run prints only its error', async () => {
    expect(await printedBy({}, refusedRun)).toEqual({
      stdout: '',
      stderr: "efs-sync: wrong\nTry 'efs-sync --help' or 'man efs-sync'.\n",
    });
  });
});

describe('quiet', () => {
  test('a good run prints nothing', async () => {
    expect(await printedBy({ quiet: true, itemizeChanges: true, stats: true }, goodRun)).toEqual({
      stdout: '',
      stderr: '',
    });
  });

  test('a bad one prints what is wrong, on standard error', async () => {
    expect(await printedBy({ quiet: true }, badRun)).toEqual({
      stdout: '',
      stderr: `efs-sync: cannot copy /mnt/nfs/d/f: Permission denied (EACCES)
efs-sync: content mismatch: d/f: xxh64 1 is not 2; run again with --checksum or --repair
efs-sync: warning: 3 owners were not kept
efs-sync: Incomplete: 1 path failed (exit status 23)
`,
    });
  });
});

describe('JSON', () => {
  test('a good run, event by event', async () => {
    const events = await eventsOf(goodRun);
    expect(events.map(({ event }) => event)).toEqual([
      'start',
      'phase',
      'progress',
      'phase',
      'change',
      'report',
    ]);
    expect(events[0]).toMatchObject({ source: '/mnt/nfs', destination: '/mnt/efs', dryRun: false });
    expect(events[3]).toEqual({ event: 'phase', phase: 'preparing', state: 'ended', elapsedMs: 10 });
    expect(events[4]).toEqual({ event: 'change', itemized: '>f+++++++++', path: 'd/f', sizeBytes: 2048 });
    expect(events[5]).toMatchObject({
      status: 'Success',
      exitStatus: 0,
      startedAt: '1970-01-01T00:00:00.000Z',
    });
  });

  test('a bad run: problems as events and in the report, nothing on standard error', async () => {
    const events = await eventsOf(badRun);
    expect(events[1]).toEqual({ event: 'problem', ...PROBLEM });
    expect(events[2]).toEqual({ event: 'verdict', ...VERDICT, differences: ['content'] });
    expect(events[4]).toMatchObject({ exitStatus: 23, problems: [PROBLEM] });
    expect((await printedBy({ json: true }, badRun)).stderr).toBe('');
  });

  test('a name that is not UTF-8 comes with its bytes', async () => {
    const [event] = await eventsOf((reporter) => {
      reporter.changed({ itemized: 'cL+++++++++', path: 'a\xff', linkedTo: 'caf\xc3\xa9', sizeBytes: 0 });
    });
    expect(event).toMatchObject({ path: 'a\u{fffd}', pathBase64: 'Yf8=', linkedTo: 'café' });
    expect(event).not.toHaveProperty('linkedToBase64');
  });

  test('an error is the last event, and on standard error for people', async () => {
    expect((await eventsOf(failedRun)).at(-1)).toMatchObject({
      event: 'error',
      name: 'FatalError',
      message: 'disk full',
      code: 'ENOSPC',
      pathBase64: 'Yf8=',
      exitStatus: 11,
    });
    expect((await printedBy({ json: true }, failedRun)).stderr).toBe(
      'efs-sync: disk full (exit status 11)\n',
    );
  });
});

describe('limits that change', () => {
  test('are a line each, below the roots', async () => {
    expect(await printedBy({}, runWithChangingLimits)).toEqual({
      stdout: `/mnt/nfs -> /mnt/efs
limits now: bwlimit 2.00 KiB/s, opslimit none
limits now: bwlimit none, opslimit 1,500/s
`,
      stderr: '',
    });
  });

  test('are events', async () => {
    expect((await eventsOf(runWithChangingLimits)).at(-1)).toEqual({
      event: 'limits',
      bandwidthBytesPerSec: 0,
      operationsPerSec: 1500,
    });
  });

  test('are not printed with -q', async () => {
    expect(await printedBy({ quiet: true }, runWithChangingLimits)).toEqual({ stdout: '', stderr: '' });
  });

  test('are in the log at once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'efs-sync-test-'));
    const logFile = join(directory, 'log');
    await printedBy({ quiet: true, logFile }, runWithChangingLimits);
    const log = readFileSync(logFile, 'utf8');
    rmSync(directory, { recursive: true });
    expect(log).toMatch(/ limits now: bwlimit none, opslimit 1,500\/s\n$/);
  });
});

describe('the log file', () => {
  test('is appended to, with time and process', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'efs-sync-test-'));
    const logFile = join(directory, 'log');
    await printedBy({ quiet: true, logFile }, goodRun);
    await printedBy({ quiet: true, logFile }, badRun);
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
    rmSync(directory, { recursive: true });
    const prefix = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\d+\] /;
    expect(lines.every((line) => prefix.test(line))).toBe(true);
    expect(lines.map((line) => line.replace(prefix, ''))).toEqual(
      expect.arrayContaining([
        '>f+++++++++ d/f',
        'cannot copy /mnt/nfs/d/f: Permission denied (EACCES)',
        'Incomplete: 1 path failed (exit status 23)',
      ]),
    );
  });

  test('that cannot be opened is refused', async () => {
    await expect(printedBy({ logFile: '/no/such/log' }, goodRun)).rejects.toThrow(
      new UsageError('cannot write --log-file=/no/such/log: No such file or directory'),
    );
  });

  test('that cannot be written any more does not end the run', async () => {
    const { stdout, stderr } = await printedBy({ logFile: '/dev/full' }, goodRun);
    expect(stdout).toContain('Success');
    expect(stderr).toMatch(/^efs-sync: warning: cannot write --log-file=\/dev\/full: No space left.*\n$/i);
  });
});
