/** Limits of a rate: what a limits file changes while a run lasts, and what a limit must not keep from being done. */
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

/** What `writeManyFiles` makes would take minutes at either. */
const CRAWLS = ['bwlimit=20', 'opslimit=20'] as const;

function limitsFileOf({ directory }: Trees): string {
  return join(directory, 'limits');
}

/** As the manual says: no reader sees half of it. */
function setLimits(trees: Trees, text: string): void {
  const path = limitsFileOf(trees);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** The run has its limits, and has said something; the rest would take minutes. */
function onceTold(act: () => void): (child: ChildProcess) => void {
  return (child) => child.stdout?.once('data', act);
}

describe('a limits file', () => {
  test.for(CRAWLS)('ends the crawl of %s once it says so', async (crawl, { trees }) => {
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

  test.for(CRAWLS)('that goes leaves the limits of the command line, not %s', async (crawl, { trees }) => {
    await writeManyFiles(trees);
    setLimits(trees, crawl);
    const { stdout } = await sync(trees, [`--limits-file=${limitsFileOf(trees)}`, '--opslimit=900000'], {
      onStart: onceTold(() => rmSync(limitsFileOf(trees))),
    });
    expect(stdout).toContain('limits now: bwlimit none, opslimit 900,000/s');
  });

  test('that is wrong warns, and leaves the limits until it is right', async ({ trees }) => {
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

  test('may come later', async ({ trees }) => {
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
  test('leaves the copy as it is, and its verification', async ({ trees }) => {
    await writeManyFiles(trees);
    await sync(trees, ['--opslimit=3000', '--concurrency=4']);
    await expectSame(trees);
    await verify(trees, ['--opslimit=3000']);
  });

  test('holds up neither a signal nor the tidying up after it', async ({ trees }) => {
    const files = Array.from({ length: 20 }, (_, index): NamedNode => [`f${index}`, file('x')]);
    await writeTree(trees.source, files);
    await sync(trees, ['--opslimit=20', '--concurrency=2'], {
      status: 20,
      onStart: onceWriting(trees, (child) => child.kill('SIGTERM')),
    });
    const names = [...(await readTree(trees.destination)).keys()];
    expect(names.filter((name) => name.includes('.efs-sync-'))).toEqual([]);
  });

  test('is no reason for --timeout to end the run', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'), b: file('y') });
    await sync(trees, ['--opslimit=5', '--timeout=1', '--no-verify']);
    await expectSame(trees);
  });
});
