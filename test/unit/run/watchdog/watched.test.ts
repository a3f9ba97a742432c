/** A call that really hangs: opening a FIFO whose other end nobody opens yet. */
import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import { TimedOut } from '../../../../src/model/run/errors.ts';
import { AT_FDCWD, O_RDONLY } from '../../../../src/linux/constants.ts';
import { linuxCalls } from '../../../../src/linux/linux.ts';
import { RunActivity } from '../../../../src/engine/context/run-activity.ts';
import { type HangWatch, watchHangs } from '../../../../src/run/watchdog/watched.ts';
import { makeScratch, type Scratch } from '../../../support/open-files.ts';

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
    activity: new RunActivity(),
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
  it('warns once per silence, and names the call', async () => {
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

  it('says nothing without a pending call, or while a deliberate wait sends heartbeats', async () => {
    const warnings: string[] = [];
    const activity = new RunActivity();
    await watchHangs(watching(warnings, { activity }), async () => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      const opened = openFifo();
      const beats = setInterval(() => activity.heartbeat.beat(), 20);
      await new Promise((resolve) => setTimeout(resolve, 700));
      clearInterval(beats);
      await writeToFifo();
      await opened;
    });
    expect(warnings).toEqual([]);
  });

  it('gives up, stops the rest, and names the call', async () => {
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
