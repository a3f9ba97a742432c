/**
 * A run killed at a random call or after a random time leaves a readable history: the run itself is in it,
 * earlier runs stay, and concurrent readers never see half a state.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { readStatus, type ToldHistory } from '../support/history.ts';
import { goRound, longTimeout, tell } from '../support/long-run.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI, tracedEnvironment } from '../support/run-cli.ts';
import { sync, test, type Trees } from '../support/scenario.ts';
import { file, type NamedNode } from '../support/tree.ts';

/** Calls that write the history. A run with nothing to do makes few of them for any other reason. */
const CALLS = ['rename', 'flock', 'write', 'close', 'getdents64', 'ftruncate', 'unlink'];
const LONGEST_MS = 400;

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
}

async function runKilled(operands: readonly string[], state: string, random: () => number): Promise<Ended> {
  const command = [process.execPath, CLI, ...operands, `--state-dir=${state}`];
  const call = CALLS[Math.floor(random() * CALLS.length)] as string;
  const when = 1 + Math.floor(random() * (['write', 'close'].includes(call) ? 60 : 3));
  const inject = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:signal=KILL:when=${when}`,
  ];
  const isTraced = random() < 0.7;
  const [program = '', ...args] = isTraced ? ['strace', ...inject, ...command] : command;
  const child = spawn(program, args, {
    cwd: '/',
    env: isTraced ? tracedEnvironment() : cleanEnvironment(),
    stdio: 'ignore',
  });
  const ended = once(child, 'close');
  if (!isTraced) void sleep(random() * LONGEST_MS).then(() => child.kill('SIGKILL'));
  const [status, signal] = (await ended) as [number | null, string | null];
  return { status, signal };
}

async function writeFiles({ source }: Trees, prefix: string): Promise<void> {
  const files = Array.from({ length: 50 }, (_, index): NamedNode => [
    `${prefix}${index}`,
    file('x'.repeat(100)),
  ]);
  await writeTree(source, files);
}

function expectOneMore(before: ToldHistory, after: ToldHistory, { status }: Ended): void {
  const [first, ...others] = after.executions;
  const isNew = after.executions.length > before.executions.length;
  expect(isNew ? others : after.executions).toEqual(before.executions);
  expect(after.executions.some(({ isRunning }) => isRunning)).toBe(false);
  if (status === 0) expect([isNew, first?.status]).toEqual([true, 'Success']);
  if (isNew && status !== 0) expect(['Interrupted', 'Success']).toContain(first?.status);
}

describeWith(['root', 'strace'], 'SIGKILL', () => {
  test('leaves the history complete', longTimeout(0.5), async ({ memoryTrees: trees }) => {
    const state = join(trees.directory, 'state');
    await writeFiles(trees, 'a');
    await sync(trees, ['-q', `--state-dir=${state}`]);
    const counts: Record<string, number> = { kills: 0, recorded: 0 };
    let before = await readStatus(state);
    counts['rounds'] = await goRound(0.5, async ({ random }) => {
      const ended = await runKilled([trees.source, trees.destination], state, random);
      const after = await readStatus(state);
      // From the hundredth on, each new run evicts the oldest. Another test covers that.
      if (before.executions.length < 99) expectOneMore(before, after, ended);
      if (ended.signal === 'SIGKILL') counts['kills'] = (counts['kills'] ?? 0) + 1;
      counts['recorded'] = after.executions.length;
      before = after;
    });
    tell('history, killed', counts);
  });

  test(
    'never shows a half-written history to concurrent readers',
    longTimeout(0.5),
    async ({ memoryTrees: trees }) => {
      const state = join(trees.directory, 'state');
      await sync(trees, ['-q', `--state-dir=${state}`]);
      let reads = 0;
      const rounds = await goRound(0.5, async ({ seed, random }) => {
        await writeFiles(trees, `r${seed}-`);
        const over = new AbortController();
        const roots = [trees.source, trees.destination];
        // One of two syncs would be refused and would withdraw its record, so one of the runs is a verify.
        const runs = Promise.all(
          [roots, ['verify', ...roots]].map(async (operands) => runKilled(operands, state, random)),
        ).finally(() => over.abort());
        const readers = [1, 2].map(async () => {
          while (!over.signal.aborted) await readStatus(state);
        });
        while (!over.signal.aborted) {
          reads += readAll(join(state, 'history'));
          await sleep(1);
        }
        await Promise.all([runs, ...readers]);
      });
      tell('history, read', { rounds, reads });
    },
  );
});

/** Every state under its final name is complete, valid JSON. */
function readAll(history: string): number {
  const names = readdirSync(history).filter((name) => !name.endsWith('.new'));
  for (const name of names)
    expect(JSON.parse(readFileSync(join(history, name), 'utf8'))).toHaveProperty('stage');
  return names.length;
}
