/**
 * A file system that ends a file before its reported size, as a failing server may, while nothing changes.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { describeWith } from '../support/requirements.ts';
import { tracedEnvironment, CLI } from '../support/run-cli.ts';
import { expectSame, sync, test } from '../support/scenario.ts';

const READS = 'copy_file_range,read,pread64';
const [SMALL_BYTES, LARGE_BYTES] = [10_000, 3 * 1024 * 1024];

describeWith(['strace'], 'a source that returns fewer bytes than its size', () => {
  test.for([SMALL_BYTES, LARGE_BYTES])('%d: fails', async (sizeBytes, { trees }) => {
    const file = join(trees.source, 'file');
    writeFileSync(file, Buffer.alloc(sizeBytes, 1));
    const tracing = ['-f', '-qq', '-o', '/dev/null', '-P', file, '-e', `inject=${READS}:retval=0`];
    const args = [...tracing, process.execPath, CLI, '--verify=none', trees.source, trees.destination];
    const { status, stderr } = spawnSync('strace', args, { env: tracedEnvironment(), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 23,
      stderr: expect.stringContaining('returns fewer bytes than the size it reports') as string,
    });
    expect(readdirSync(trees.destination)).toEqual([]);
    await sync(trees);
    await expectSame(trees);
  });
});
