/** New limits are taken from the file while a run goes on, and an unusable file changes none. */
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { parseLimits, watchLimitsFile, type LimitsFile } from '../../../../src/cli/options/limits-file.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { makeScratch, type Scratch } from '../../../support/open-files.ts';
import { PATIENT } from '../../../support/patience.ts';

const OTHERWISE = { bandwidthBytesPerSec: 7, operationsPerSec: 8 };

let scratch: Scratch;
let file: string;
let warnings: string[];
let watched: LimitsFile | undefined;

beforeEach(() => {
  scratch = makeScratch();
  file = scratch.path('limits');
  warnings = [];
  watched = undefined;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  watched?.unwatch();
  vi.useRealTimers();
  scratch.remove();
});

function warn(message: string): void {
  warnings.push(message);
}

async function watch(): Promise<LimitsFile> {
  watched = await watchLimitsFile(file, OTHERWISE, { warn, patience: PATIENT });
  return watched;
}

const limits = (bandwidthBytesPerSec: number, operationsPerSec = 8) => ({
  bandwidthBytesPerSec,
  operationsPerSec,
});

/** Waits until a look at the file finds these limits. */
async function becomes(expected: object): Promise<void> {
  await vi.waitFor(
    () => {
      vi.advanceTimersByTime(1000);
      expect(watched?.current()).toEqual(expected);
    },
    { timeout: 60_000, interval: 5 },
  );
}

/** Enough looks to have read the current file. */
async function staysAt(expected: object): Promise<void> {
  for (let looks = 0; looks < 20; looks++) {
    vi.advanceTimersByTime(1000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(watched?.current()).toEqual(expected);
  }
}

async function warns(times: number): Promise<void> {
  await vi.waitFor(
    () => {
      vi.advanceTimersByTime(1000);
      expect(warnings).toHaveLength(times);
    },
    { timeout: 60_000, interval: 5 },
  );
}

describe('from the start', () => {
  it('the file decides the limits that it names, and the command line the rest', async () => {
    writeFileSync(file, 'bwlimit=1k\n');
    expect((await watch()).current()).toEqual(limits(1024));
  });

  it('the command line decides if there is no file', async () => {
    expect((await watch()).current()).toEqual(OTHERWISE);
  });

  it.each<[string, () => void, RegExp]>([
    ['nonsense', () => writeFileSync(file, 'bwlimit=fast\n'), /^--limits-file=.*limits: .*fast/s],
    ['a directory', () => mkdirSync(file), /^--limits-file=.*limits: /],
    ['a device', () => symlinkSync('/dev/zero', file), /^--limits-file=.*limits: /],
    ['a name below a file', () => (writeFileSync(file, ''), (file += '/x')), /Not a directory/i],
  ])('%s is refused', async (_, make, message) => {
    make();
    await expect(watch()).rejects.toThrow(UsageError);
    await expect(watch()).rejects.toThrow(message);
  });
});

describe('while the run goes on', () => {
  beforeEach(async () => {
    writeFileSync(file, 'bwlimit=1k\nopslimit=5\n');
    expect((await watch()).current()).toEqual(limits(1024, 5));
  });

  it('new content is taken', async () => {
    writeFileSync(file, 'bwlimit=3k\n');
    await becomes(limits(3072));
  });

  it('another file of the same size and time is read', async () => {
    const other = scratch.path('other');
    utimesSync(file, 5, 5);
    await staysAt(limits(1024, 5));
    writeFileSync(other, 'bwlimit=2k\nopslimit=4\n');
    utimesSync(other, 5, 5);
    renameSync(other, file);
    await becomes(limits(2048, 4));
  });

  it('the command line decides again once the file is gone, and the file when it is back', async () => {
    rmSync(file);
    await becomes(OTHERWISE);
    writeFileSync(file, 'opslimit=9\n');
    await becomes(limits(7, 9));
    expect(warnings).toEqual([]);
  });

  it('an unusable file changes nothing, and causes one warning', async () => {
    writeFileSync(file, 'bwlimit=fast\n');
    await warns(1);
    await staysAt(limits(1024, 5));
    expect(warnings).toEqual([
      expect.stringMatching(/^--limits-file=.*limits: .*fast.*; the limits stay as they are$/s),
    ]);
    writeFileSync(file, 'bwlimit=faster\n');
    await warns(2);
    writeFileSync(file, 'bwlimit=2k\n');
    await becomes(limits(2048));
    expect(warnings).toHaveLength(2);
  });

  it('a file that becomes unreadable changes nothing', async () => {
    rmSync(file);
    mkdirSync(file);
    await warns(1);
    await staysAt(limits(1024, 5));
    expect(warnings).toHaveLength(1);
  });

  it('nothing is read after the end', async () => {
    watched?.unwatch();
    writeFileSync(file, 'bwlimit=3k\n');
    await staysAt(limits(1024, 5));
  });
});

const INHERITED = { bandwidthBytesPerSec: 1, operationsPerSec: 2 };
const MIB = 1024 * 1024;

describe('parseLimits', () => {
  test.each([
    ['bwlimit=10M\nopslimit=500\n', { bandwidthBytesPerSec: 10 * MIB, operationsPerSec: 500 }],
    ['opslimit=500', { bandwidthBytesPerSec: 1, operationsPerSec: 500 }],
    ['# by day\n\n  bwlimit = 50\r\n', { bandwidthBytesPerSec: 50 * 1024, operationsPerSec: 2 }],
    ['bwlimit=0\nopslimit=0', { bandwidthBytesPerSec: 0, operationsPerSec: 0 }],
    ['opslimit=1\nopslimit=3', { bandwidthBytesPerSec: 1, operationsPerSec: 3 }],
    ['', INHERITED],
  ])('%j', (text, expected) => {
    expect(parseLimits(text, INHERITED)).toEqual(expected);
  });

  test.each([
    ['bwlimit=fast', 'line 1: "fast" is not a rate'],
    ['opslimit=1\nbwlimit=', 'line 2: "" is not a rate'],
    ['opslimit=-1', 'line 1: it takes a whole number from 0 to 1000000000'],
    ['opslimit=1.5', 'line 1: it takes a whole number'],
    ['bwlimit', 'line 1: "bwlimit" is neither bwlimit=RATE nor opslimit=N'],
    ['--bwlimit=1', 'line 1: "--bwlimit=1" is neither'],
    ['\nspeed=4', 'line 2: "speed=4" is neither'],
  ])('refuses %j', (text, message) => {
    expect(() => parseLimits(text, INHERITED)).toThrow(UsageError);
    expect(() => parseLimits(text, INHERITED)).toThrow(message);
  });
});
