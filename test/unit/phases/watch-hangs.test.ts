/** A call that really hangs: to open a FIFO, until somebody opens its other end. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TimedOut } from '../../../src/errors.ts';
import { AT_FDCWD, O_RDONLY } from '../../../src/filesystem/linux/constants.ts';
import { linuxCalls } from '../../../src/filesystem/linux/linux.ts';
import { Movement } from '../../../src/phases/movement.ts';
import { watchHangs, type HangWatch } from '../../../src/phases/watch-hangs.ts';
import { makeScratch, type Scratch } from '../../support/open-files.ts';

let scratch: Scratch;
let fifo: string;

beforeEach(() => {
  scratch = makeScratch();
  fifo = scratch.path('fifo');
  execFileSync('mkfifo', [fifo]);
});
afterEach(() => {
  scratch.remove();
});

function watching(warnings: string[], options: Partial<HangWatch> = {}): HangWatch {
  return {
    movement: new Movement(),
    timeoutMs: 0,
    warnAfterMs: 300,
    reporter: { warned: (message) => warnings.push(message) },
    stop: () => undefined,
    ...options,
  };
}

async function openFifo(): Promise<void> {
  const linux = linuxCalls('pooled');
  await linux.close(await linux.openat(AT_FDCWD, fifo, O_RDONLY, 0));
}

async function writeToFifo(): Promise<void> {
  await once(spawn('sh', ['-c', ': >"$1"', 'sh', fifo]), 'close');
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('watchHangs', () => {
  it('warns once of each silence, and says what is waited for', async () => {
    const warnings: string[] = [];
    await watchHangs(watching(warnings), async () => {
      for (const count of [1, 2]) {
        const opened = openFifo();
        await until(() => warnings.length === count);
        await new Promise((resolve) => setTimeout(resolve, 700));
        await writeToFifo();
        await opened;
      }
    });
    expect(warnings).toEqual([
      expect.stringContaining(`of "${fifo}"`),
      expect.stringContaining(`of "${fifo}"`),
    ]);
  });

  it('says nothing while nothing is waited for, nor while what waits on purpose gives a sign', async () => {
    const warnings: string[] = [];
    const movement = new Movement();
    await watchHangs(watching(warnings, { movement }), async () => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      const opened = openFifo();
      const beats = setInterval(() => movement.heartbeat.beat(), 20);
      await new Promise((resolve) => setTimeout(resolve, 700));
      clearInterval(beats);
      await writeToFifo();
      await opened;
    });
    expect(warnings).toEqual([]);
  });

  it('gives up, stops the rest, and tells what is waited for', async () => {
    let stopped = false;
    const watch = watching([], { timeoutMs: 300, warnAfterMs: 60_000, stop: () => (stopped = true) });
    const opened = openFifo();
    const error: unknown = await watchHangs(watch, () => opened).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TimedOut);
    expect((error as Error).message).toContain(`waiting for openat of "${fifo}"`);
    expect(stopped).toBe(true);
    await writeToFifo();
    await opened;
  });
});
