/**
 * After SIGKILL at a random system call or a random time, no half file has its final name, and the next run
 * finishes the job and leaves nothing behind.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { goRound, longTimeout, tell } from '../support/long-run.ts';
import { describeWith } from '../support/requirements.ts';
import { runCli } from '../support/run-cli.ts';
import { test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { expectConverged, expectNothingHalf, spooling } from './expect-converged.ts';
import { killAtRandom, momentsOf } from './kill.ts';
import { contentsOf, writeLargeFile, writeTrees, type Contents } from './trees.ts';

interface Scenario {
  readonly kind: 'full copy' | 'update';
  readonly args: readonly string[];
  readonly large?: boolean;
}

/** Options of the run after the kill. With none of them may it accept a partial file as complete. */
const OTHER_OPTIONS: readonly (readonly string[])[] = [
  [],
  ['--update'],
  ['--ignore-existing'],
  ['--size-only'],
  ['--existing'],
  ['--exclude=deep'],
];

const COMMON = ['--delete', '--preserve=owner,mode,mtime,specials'];

const SCENARIOS: readonly Scenario[] = [
  { kind: 'full copy', args: COMMON },
  { kind: 'full copy', args: [...COMMON, '--size-only'], large: true },
  { kind: 'full copy', args: [...COMMON, '--partial'], large: true },
  { kind: 'full copy', args: [...COMMON, '--update'] },
  { kind: 'full copy', args: [...COMMON, '--ignore-existing'] },
  { kind: 'update', args: COMMON },
  { kind: 'update', args: [...COMMON, '--fsync', '--concurrency=1'] },
];

describeWith(['root', 'strace', 'rsync'], 'SIGKILL', () => {
  test.for(SCENARIOS)('$kind $args', longTimeout(1 / 7), async (scenario, { memoryTrees: trees }) => {
    const { kind, args } = scenario;
    const before = await begin(trees, scenario);
    const moments = await momentsOf(trees, args);
    let kills = 0;
    const rounds = await goRound(1 / SCENARIOS.length, async ({ random }) => {
      await begin(trees, scenario);
      if (await killAtRandom(trees, args, { moments, random })) kills++;
      await expectNothingHalf(trees, before);
      const other = OTHER_OPTIONS[Math.floor(random() * OTHER_OPTIONS.length)] as readonly string[];
      await runCli([trees.source, trees.destination, ...args, ...other], spooling(trees));
      await expectNothingHalf(trees, before);
      await expectConverged(trees, args);
    });
    tell(`${kind} ${args.join(' ')}`, { rounds, kills });
  });
});

async function begin(trees: Trees, { kind, args, large }: Scenario): Promise<Contents> {
  await writeTrees(trees, kind);
  // --ignore-existing links no name to an existing one, as documented, so the groups would never converge.
  if (args.includes('--ignore-existing')) rmSync(join(trees.source, 'linked'), { recursive: true });
  if (large === true) writeLargeFile(trees);
  return contentsOf(trees.destination);
}
