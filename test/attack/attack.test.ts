/**
 * While somebody with write access swaps directories, files, links and temporary names in both roots, nothing
 * outside of them is read, written, chowned, chmodded or deleted. Nobody gains set-id bits.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { startHelper } from '../support/helper-process.ts';
import type { HelperProcess } from '../support/helper-process.ts';
import { addCounts, goRound, longTimeout, tell } from '../support/long-run.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { NOBODY, runCli } from '../support/run-cli.ts';
import { resetTrees, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';
import type { Metadata, Node, Tree } from '../support/tree.ts';

const ATTACKER = new URL('attacker.py', import.meta.url);
const CANARIES = new URL('canaries.py', import.meta.url);
const RUNS_A_ROUND = 6;
/** A run that opened a FIFO and waited for a writer would exceed this. */
const LONGEST_RUN_MS = 60_000;

const ATTACKERS: Metadata = { uid: NOBODY, gid: NOBODY };
const FILES = 8;

function directoryOf(node: (name: string) => Node, metadata: Metadata, depth = 2): Node {
  const files = Array.from({ length: FILES }, (_, index): [string, Node] => [`f${index}`, node(`f${index}`)]);
  const below: [string, Node][] =
    depth === 0 ? [] : ['d0', 'd1'].map((name) => [name, directoryOf(node, metadata, depth - 1)]);
  return dir([...files, ...below], metadata);
}

const SOURCE: Tree = {
  a: directoryOf((name) => file(`mine ${name} `.repeat(50), ATTACKERS), ATTACKERS),
  b: directoryOf((name) => file(`theirs ${name}`, { uid: 1, mode: 0o600 }), ATTACKERS),
  s: dir(
    {
      suid: file('genuine', { mode: 0o4755 }),
      f0: file('genuine', { mode: 0o6755, gid: 5 }),
      link: symlink('suid'),
      large: file('mine'.repeat(600_000), ATTACKERS),
    },
    ATTACKERS,
  ),
};

/**
 * Files outside the roots carry the source's names, so a run that is led astray finds what it expects. Their
 * atime is older than their mtime, so any read shows.
 */
const SECRET: Metadata = {
  mode: 0o600,
  mtimeNs: 1_700_000_000_000_000_000n,
  atimeNs: 1_600_000_000_000_000_000n,
};
const OUTSIDE: Tree = {
  a: directoryOf(() => file('canary', SECRET), { mode: 0o700 }),
  b: directoryOf(() => file('canary', SECRET), { mode: 0o700 }),
  s: dir({ suid: file('canary', SECRET), f0: file('canary', SECRET), canary: file('canary', SECRET) }),
};

const RUNS: readonly (readonly string[])[] = [
  [],
  ['--delete'],
  ['--delete', '--force', '--preserve=all'],
  ['--inplace', '--force'],
  ['--partial', '--delete', '--verify=none'],
  ['--checksum', '--preserve=all', '--verify=transferred'],
];
const DOCUMENTED = [0, 23, 24, 40, 41];

function canaries(command: string, place: string): unknown {
  const script = fileURLToPath(CANARIES);
  return JSON.parse(
    execFileSync('python3', ['-B', script, command, place], { encoding: 'utf8', maxBuffer: 2 ** 26 }),
  ) as unknown;
}

async function begin(trees: Trees, outside: string): Promise<void> {
  resetTrees(trees);
  execFileSync('rm', ['-rf', outside]);
  execFileSync('mkdir', ['-m', '711', outside]);
  await writeTree(trees.source, SOURCE, ATTACKERS);
  await writeTree(outside, OUTSIDE);
  execFileSync('chown', [`${NOBODY}:${NOBODY}`, trees.source, trees.destination]);
}

async function runOnce(trees: Trees, args: readonly string[]): Promise<number> {
  const { status, signal, output } = await runCli([...args, trees.source, trees.destination], {
    onStart: (child) => {
      const timer = setTimeout(() => child.kill('SIGABRT'), LONGEST_RUN_MS);
      child.on('exit', () => clearTimeout(timer));
    },
  });
  expect(signal).toBe(null);
  expect(DOCUMENTED, output).toContain(status);
  return status as number;
}

async function startAttack(trees: Trees, outside: string, seed: number): Promise<HelperProcess[]> {
  const user = { uid: NOBODY, gid: NOBODY };
  return Promise.all([
    startHelper(ATTACKER, [trees.source, outside, `${seed}`, '0', 'all'], user),
    startHelper(ATTACKER, [trees.destination, outside, `${seed}`, '1', 'all'], user),
    startHelper(ATTACKER, [trees.destination, outside, `${seed}`, '2', 'temporaries'], user),
    startHelper(CANARIES, ['watch', trees.destination]),
  ]);
}

describeWith(['root', 'another user'], 'attacked from within', () => {
  test('syncs and verifications reach nothing outside', longTimeout(), async ({ memoryTrees: trees }) => {
    const outside = join(trees.directory, 'outside');
    const counts: Record<string, number> = {};
    const rounds = await goRound(1, async ({ seed, random }) => {
      await begin(trees, outside);
      const before = canaries('record', outside);
      const attack = await startAttack(trees, outside, seed);
      try {
        for (let run = 0; run < RUNS_A_ROUND; run++) {
          const args = RUNS[Math.floor(random() * RUNS.length)] as readonly string[];
          for (const command of [args, ['verify']]) {
            addCounts(counts, { [`ended with ${await runOnce(trees, command)}`]: 1 });
          }
        }
      } finally {
        for (const done of await Promise.all(attack.map((helper) => helper.stop()))) addCounts(counts, done);
      }
      expect(canaries('record', outside)).toEqual(before);
      expect(canaries('find', trees.destination)).toEqual([]);
      expect(counts['undue']).toBe(0);
    });
    tell('attack', { rounds, ...counts });
  });
});
