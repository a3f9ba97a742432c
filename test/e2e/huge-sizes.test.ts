/**
 * A file with more bytes than a double can count fails alone: other paths do not, and no size is ever
 * rounded.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn, syncForReport } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

/** Node's truncate takes a double, which is too small. */
function makeHuge(path: string, sizeBytes = 2n ** 53n + 1n): void {
  execFileSync('truncate', ['-s', String(sizeBytes), path]);
}

function sizeOf(path: string): bigint {
  return BigInt(execFileSync('stat', ['-c', '%s', path], { encoding: 'latin1' }));
}

describeWith(['memory file system'], 'a file larger than 2^53 - 1 bytes', () => {
  test.for([2n ** 53n, 2n ** 53n + 1n, 2n ** 60n, 2n ** 63n - 1n])(
    '%i bytes at the source: one problem, all else is copied',
    async (sizeBytes, { memoryTrees: trees }) => {
      await writeTree(trees.source, { a: file('a'), d: dir({ f: file('f') }), z: file('z') });
      makeHuge(join(trees.source, 'd/huge'), sizeBytes);
      for (const extra of [[], ['--verify=none'], ['--checksum'], ['--dry-run']]) {
        const { problems, verdicts } = await syncForReport(trees, extra, { status: 23 });
        expect(problems).toMatchObject([{ path: 'd/huge', class: 'failed', code: 'EFBIG', side: 'source' }]);
        expect(verdicts).toEqual([]);
      }
      expect(existsSync(join(trees.destination, 'd/huge'))).toBe(false);
      await expectSame(trees, { ignore: ['d/huge'] });
    },
  );

  test('a rounded size is not accepted as equal', async ({ memoryTrees: trees }) => {
    makeHuge(join(trees.source, 'f'), 2n ** 53n + 1n);
    makeHuge(join(trees.destination, 'f'), 2n ** 53n);
    execFileSync('touch', ['-r', join(trees.source, 'f'), join(trees.destination, 'f'), trees.destination]);
    const { stdout } = await verify(trees, ['--json'], { status: 23 });
    expect(reportIn(stdout).verdicts).toMatchObject([{ path: 'f', class: 'read error' }]);
    await syncForReport(trees, ['--verify=none'], { status: 23 });
    expect(sizeOf(join(trees.destination, 'f'))).toBe(2n ** 53n);
  });

  test.for(['none', '--inplace', '--checksum'])(
    'at the destination it is replaced, %s',
    async (option, { memoryTrees: trees }) => {
      await writeTree(trees.source, { f: file('small') });
      makeHuge(join(trees.destination, 'f'));
      await sync(trees, option === 'none' ? [] : [option]);
      await expectSame(trees);
    },
  );

  test('the largest size below is copied, with the data at its end', async ({ memoryTrees: trees }) => {
    const path = join(trees.source, 'f');
    writeFileSync(path, 'start');
    truncateSync(path, Number.MAX_SAFE_INTEGER);
    execFileSync('python3', [
      '-c',
      `import sys; f = open(sys.argv[1], 'r+b'); f.seek(2**53 - 4); f.write(b'end')`,
      path,
    ]);
    await sync(trees);
    const copy = join(trees.destination, 'f');
    expect(sizeOf(copy)).toBe(2n ** 53n - 1n);
    const READ = `import sys; f = open(sys.argv[1], 'rb'); print(f.read(5)); f.seek(2**53 - 4); print(f.read())`;
    const read = execFileSync('python3', ['-c', READ, copy], { encoding: 'latin1' });
    expect(read).toBe("b'start'\nb'end'\n");
  });

  test('a file beyond --max-size is no problem', async ({ memoryTrees: trees }) => {
    await writeTree(trees.source, { f: file('small') });
    makeHuge(join(trees.source, 'huge'));
    await sync(trees, ['--max-size=1G']);
    await expectSame(trees, { ignore: ['huge'] });
  });
});
