/** Rate limits: how a limits file changes them during a run, and what a limit must not delay. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { onceWriting, writeManyFiles } from '../support/slow-sync.ts';
import { file } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

/** The files from `writeManyFiles` would take minutes at either limit. */
const CRAWLS = ['bwlimit=20', 'opslimit=20'] as const;

function limitsFileOf({ directory }: Trees): string {
  return join(directory, 'limits');
}

/** Renames the file into place, as the manual says, so no reader sees half of it. */
function setLimits(trees: Trees, text: string): void {
  const path = limitsFileOf(trees);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** Acts at the first output, when the limits apply. The rest of the run would take minutes. */
function onceTold(act: () => void): (child: ChildProcess) => void {
  return (child) => child.stdout?.once('data', act);
}

describe('a limits file', () => {
  test.for(CRAWLS)('lifts the limit %s during the run', async (crawl, { trees }) => {
    await writeManyFiles(trees);
    setLimits(trees, `${crawl}\n`);
    const log = join(trees.directory, 'log');
    const { stdout, stderr } = await sync(
      trees,
      [`--limits-file=${limitsFileOf(trees)}`, `--log-file=${log}`],
      {
        onStart: onceTold(() => setLimits(trees, 'bwlimit=1G\nopslimit=1000000\n')),
      },
    );
    const now = 'limits now: bwlimit 1.00 GiB/s, opslimit 1,000,000/s';
    expect(stdout.split('\n')).toContain(now);
    expect(readFileSync(log, 'utf8')).toContain(now);
    expect(stderr).toBe('');
    await expectSame(trees);
  });

  test.for(CRAWLS)(
    'that is deleted leaves the limits of the command line, not %s',
    async (crawl, { trees }) => {
      await writeManyFiles(trees);
      setLimits(trees, crawl);
      const { stdout } = await sync(trees, [`--limits-file=${limitsFileOf(trees)}`, '--opslimit=900000'], {
        onStart: onceTold(() => rmSync(limitsFileOf(trees))),
      });
      expect(stdout).toContain('limits now: bwlimit none, opslimit 900,000/s');
    },
  );

  test('that is wrong causes a warning, and the old limits stay until it is right', async ({ trees }) => {
    await writeManyFiles(trees);
    setLimits(trees, 'bwlimit=20');
    const { stdout } = await sync(trees, [`--limits-file=${limitsFileOf(trees)}`, '--json'], {
      onStart: (child) => {
        onceTold(() => setLimits(trees, 'bwlimit=fast'))(child);
        child.stdout?.on('data', (chunk: Buffer) => {
          if (chunk.includes('"warning"')) setLimits(trees, 'bwlimit=0');
        });
      },
    });
    const events = stdout
      .split('\n')
      .filter((line) => /"event":"(limits|warning)"/.test(line))
      .map((line) => JSON.parse(line) as object);
    expect(events).toEqual([
      { event: 'limits', bandwidthBytesPerSec: 20_480, operationsPerSec: 0 },
      {
        event: 'warning',
        message: expect.stringMatching(
          /limits: line 1: "fast" is not a rate.*; the limits stay as they are$/,
        ) as string,
      },
      { event: 'limits', bandwidthBytesPerSec: 0, operationsPerSec: 0 },
    ]);
  });

  test('may be created later', async ({ trees }) => {
    await writeManyFiles(trees);
    await sync(trees, [`--limits-file=${limitsFileOf(trees)}`, '--bwlimit=20'], {
      onStart: onceTold(() => setLimits(trees, 'bwlimit=0')),
    });
    await expectSame(trees);
  });

  test('that is wrong from the start is refused, and nothing is done', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    setLimits(trees, 'opslimit=500\nbwlimit=10MB/s\n');
    const { stderr } = await sync(trees, [`--limits-file=${limitsFileOf(trees)}`], { status: 1 });
    expect(stderr).toMatch(/limits: line 2: "10MB\/s" is not a rate/);
    expect(readdirSync(trees.destination)).toEqual([]);
  });
});

describe('a limit of calls', () => {
  test('does not change the copy or its verification', async ({ trees }) => {
    await writeManyFiles(trees);
    await sync(trees, ['--opslimit=3000', '--concurrency=4']);
    await expectSame(trees);
    await verify(trees, ['--opslimit=3000']);
  });

  test('delays neither a signal nor the cleanup after it', async ({ trees }) => {
    const files = Array.from({ length: 20 }, (_, index): NamedNode => [`f${index}`, file('x')]);
    await writeTree(trees.source, files);
    await sync(trees, ['--opslimit=20', '--concurrency=2'], {
      status: 20,
      onStart: onceWriting(trees, (child) => child.kill('SIGTERM')),
    });
    const names = [...(await readTree(trees.destination)).keys()];
    expect(names.filter((name) => name.includes('.efs-sync-'))).toEqual([]);
  });

  test('does not count as a hang for --timeout', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'), b: file('y') });
    await sync(trees, ['--opslimit=1', '--timeout=5', '--no-verify']);
    await expectSame(trees);
  });
});
