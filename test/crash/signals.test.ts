/**
 * SIGINT and SIGTERM at any moment: within two seconds the run has stopped, tidied up, reported and ended
 * with exit status 20. A second signal ends it at once.
 */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { goRound, longTimeout, tell } from '../support/long-run.ts';
import { readTree } from '../support/oracle.ts';
import { runCli } from '../support/run-cli.ts';
import type { CliResult } from '../support/run-cli.ts';
import { test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { expectConverged, expectNothingHalf, leftovers, spooling } from './expect-converged.ts';
import { contentsOf, writeLargeFile, writeTrees } from './trees.ts';

/** The manual promises two seconds. The rest allows for other tests on the machine. */
const LONGEST_STOP_MS = 2_000 + 4_000;
/** Until Node has loaded the program, a signal kills it the default way, before it touches anything. */
const START_MS = 150;
const ARGS = ['--delete', '--preserve=owner,mode,mtime,specials'];

interface Scenario {
  readonly name: string;
  readonly args: readonly string[];
  /** By this time the run is over, or waits in the step that the signal must end. */
  readonly lastMs: number;
  readonly large: boolean;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'start, Preparing, Syncing, Verifying', args: [], lastMs: 900, large: false },
  { name: 'a large file', args: [], lastMs: 900, large: true },
  { name: 'a large file in small steps', args: ['--bwlimit=20M', '--partial'], lastMs: 2_500, large: true },
  { name: 'a bandwidth limit', args: ['--bwlimit=500'], lastMs: 2_500, large: false },
  { name: 'a limit of calls', args: ['--opslimit=100'], lastMs: 2_500, large: false },
  { name: 'one worker', args: ['--concurrency=1', '--checksum'], lastMs: 900, large: true },
];

interface Stopped extends CliResult {
  readonly stopMs: number;
}

async function stopAfter(
  trees: Trees,
  args: readonly string[],
  stop: { readonly afterMs: number; readonly act: (child: ChildProcess) => Promise<void> | void },
): Promise<Stopped> {
  let signalledMs = 0;
  const result = await runCli([trees.source, trees.destination, ...args], {
    ...spooling(trees),
    onStart: (child) => {
      void sleep(stop.afterMs).then(() => {
        signalledMs = performance.now();
        return stop.act(child);
      });
    },
  });
  return { ...result, stopMs: performance.now() - signalledMs };
}

function expectStopped({ status, signal, output, stopMs }: Stopped, name: string, afterMs: number): void {
  if (signal !== null) {
    // The program has not installed its handlers yet, or has printed its result and removed them.
    const isEarly = output === '' && afterMs < START_MS * 8;
    expect({ signal, isOutside: isEarly || /^Success$/m.test(output) }).toEqual({
      signal: name,
      isOutside: true,
    });
    return;
  }
  expect([0, 20], output).toContain(status);
  if (status === 0) return;
  expect(stopMs).toBeLessThan(LONGEST_STOP_MS);
  expect(output).toMatch(new RegExp(`${name}: stopping and cleaning up`));
  expect(output).toMatch(/Interrupted/);
}

test.for(SCENARIOS)(
  'within $name',
  longTimeout(1 / 8),
  async ({ name, args, lastMs, large }, { memoryTrees: trees }) => {
    const ends: Record<string, number> = {};
    const rounds = await goRound(1 / 8, async ({ random }) => {
      await writeTrees(trees, random() < 0.5 ? 'full copy' : 'update');
      if (large) writeLargeFile(trees);
      const before = await contentsOf(trees.destination);
      const signalName = random() < 0.5 ? 'SIGINT' : 'SIGTERM';
      const afterMs = random() * lastMs;
      const stopped = await stopAfter(trees, [...ARGS, ...args], {
        afterMs,
        act: (child) => void child.kill(signalName),
      });
      expectStopped(stopped, signalName, afterMs);
      const end = `ended by ${stopped.signal ?? stopped.status}`;
      ends[end] = (ends[end] ?? 0) + 1;
      if (stopped.signal === null)
        expect(leftovers(trees).filter((path) => !path.endsWith('.part'))).toEqual([]);
      await expectNothingHalf(trees, before);
      await expectNoUnplannedNames(trees, before);
      await expectConverged(trees, ARGS);
    });
    tell(`signals, ${name}`, { rounds, ...ends });
  },
);

/** Every file has a planned name. No partial file stays behind, not even in a new directory. */
async function expectNoUnplannedNames(trees: Trees, before: ReadonlyMap<string, Buffer>): Promise<void> {
  const source = await readTree(trees.source);
  const known = (path: string) => before.has(path) || source.has(path);
  const strangers = [...(await readTree(trees.destination))].filter(
    ([path, { kind }]) => kind === 'file' && !known(path) && !path.endsWith('.part'),
  );
  expect(strangers).toEqual([]);
}

test(
  'a second signal ends the run at once, and the next run removes its leftovers',
  longTimeout(1 / 8),
  async ({ memoryTrees: trees }) => {
    let killed = 0;
    const rounds = await goRound(1 / 8, async ({ random }) => {
      await writeTrees(trees, 'full copy');
      const twice = async (child: ChildProcess) => {
        child.kill('SIGINT');
        await sleep(random() * 30);
        child.kill('SIGTERM');
      };
      const { status, signal, stopMs } = await stopAfter(trees, [...ARGS, '--bwlimit=100'], {
        afterMs: 700 + random() * 500,
        act: twice,
      });
      // Cleaning up may be finished before the second signal arrives.
      expect([
        [20, null],
        [null, 'SIGTERM'],
        [null, 'SIGINT'],
      ]).toContainEqual([status, signal]);
      expect(stopMs).toBeLessThan(LONGEST_STOP_MS);
      if (signal !== null) killed++;
      await expectConverged(trees, ARGS);
    });
    tell('a second signal', { rounds, killed });
  },
);
