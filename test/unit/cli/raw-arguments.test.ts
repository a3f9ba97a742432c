/** Arguments come as the bytes they are, whether or not they are UTF-8. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rawArguments } from '../../../src/cli/raw-arguments.ts';

test.each([
  ['ASCII', ['-n', '', 'a'], ['-n', '', 'a']],
  ['UTF-8', ['caf\u{e9}'], ['caf\xc3\xa9']],
])('%s needs no second look', (_, args, raw) => {
  expect(rawArguments(args, '/nonexistent')).toEqual(raw);
});

test('bytes that are not UTF-8 are read back from the kernel', () => {
  const directory = mkdtempSync(join(tmpdir(), 'efs-sync-test-'));
  const file = join(directory, 'cmdline');
  writeFileSync(file, 'node\0--no-warnings\0efs-sync.js\0-n\0\0a\xff\xc3\xa9\0', 'latin1');
  expect(rawArguments(['-n', '', 'a\u{fffd}\u{e9}'], file)).toEqual(['-n', '', 'a\xff\xc3\xa9']);
  rmSync(directory, { recursive: true });
});
