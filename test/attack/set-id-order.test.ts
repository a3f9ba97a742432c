/**
 * The order of system calls: no set-id bit before the owner is right, and no mode wider than the final one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, tracedEnvironment } from '../support/run-cli.ts';
import { expectSame, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, fifo, file } from '../support/tree.ts';
import type { Node } from '../support/tree.ts';

const MODES = [0o4755, 0o2755, 0o6711, 0o4700, 0o2070, 0o600, 0o640, 0o604, 0o777, 0o000];
const OWNERS = [[0, 0], [0, 7], [6, 0], [6, 7]] as const; // prettier-ignore

function filesOfAllModes(): [string, Node][] {
  return MODES.flatMap((mode) =>
    OWNERS.map(([uid, gid]): [string, Node] => [
      `m${mode.toString(8)}.${uid}.${gid}`,
      file('content', { mode, uid, gid }),
    ]),
  );
}

/** The system calls of a sync, in order. */
function callsOf(trees: Trees, args: readonly string[]): string[] {
  const log = join(trees.directory, 'log');
  const trace = 'trace=openat,mknodat,mkdirat,fchmod,fchmodat,fchownat,close';
  const strace = ['-f', '-qq', '-o', log, '-e', trace, process.execPath, CLI];
  execFileSync('strace', [...strace, '--concurrency=1', trees.source, trees.destination, ...args], {
    env: tracedEnvironment(),
    stdio: 'ignore',
  });
  return readFileSync(log, 'latin1').split('\n');
}

/** Calls that create a file, directory or FIFO with set-id bits. */
function madeWithSetIds(calls: readonly string[]): string[] {
  return calls.filter((line) => {
    const [, mode] =
      /(?:openat\(.*O_CREAT.*|mknodat\(.*|mkdirat\(.*), (?:S_IF\w+\|)?(0\d+)\b/.exec(line) ?? [];
    return mode !== undefined && (parseInt(mode, 8) & 0o6000) !== 0;
  });
}

/** `fchmod` calls that set set-id bits before `fchownat`, on a descriptor whose owner will change. */
function earlySetIds(calls: readonly string[]): string[] {
  const nameOf = new Map<string, string>();
  const owned = new Set<string>();
  return calls.filter((line) => {
    const opened = /openat\(\d+, "([^"]*)", .*\) += (\d+)/.exec(line);
    if (opened !== null) {
      nameOf.set(opened[2] as string, opened[1] as string);
      owned.delete(opened[2] as string);
    }
    const chown = /fchownat\((\d+), "", .*\) += 0/.exec(line);
    if (chown !== null) owned.add(chown[1] as string);
    const chmod = /fchmod\((\d+), (0\d+)\)/.exec(line);
    if (chmod === null || (parseInt(chmod[2] as string, 8) & 0o6000) === 0) return false;
    const name = nameOf.get(chmod[1] as string) ?? '';
    return !name.endsWith('.0.0') && !owned.has(chmod[1] as string);
  });
}

/** Files created with mode bits that are missing from the final mode (which is part of the name). */
function tooWide(calls: readonly string[]): string[] {
  return calls.filter((line) => {
    const [, final, made] = /openat\(\d+, "m([0-7]+)\.\d+\.\d+", [^,]*O_CREAT[^,]*, (0\d+)/.exec(line) ?? [];
    return final !== undefined && made !== undefined && (parseInt(made, 8) & ~parseInt(final, 8)) !== 0;
  });
}

describeWith(['root', 'strace'], 'as root', () => {
  test('files, directories and FIFOs', async ({ trees }) => {
    const shared = { mode: 0o2775, uid: 6, gid: 7 };
    await writeTree(trees.source, {
      d: dir(filesOfAllModes(), shared),
      pipe: fifo({ mode: 0o4666, uid: 6 }),
    });
    const calls = callsOf(trees, ['--preserve=owner,mode,mtime,specials']);
    await expectSame(trees);
    expect(calls.filter((line) => line.includes('O_CREAT') && line.includes('"m')).length).toBe(
      MODES.length * OWNERS.length,
    );
    expect(madeWithSetIds(calls)).toEqual([]);
    expect(earlySetIds(calls)).toEqual([]);
    expect(tooWide(calls)).toEqual([]);
  });
});
