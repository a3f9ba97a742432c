/** The scenarios really run on NFS, each side on the mount given. */
import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { describeWith } from '../support/requirements.ts';
import { test } from '../support/scenario.ts';

describeWith(['NFS mounts'], 'the trees', () => {
  test.for(['source', 'destination'] as const)('%s is on NFS', (side, { trees }) => {
    expect(execFileSync('stat', ['-f', '-c', '%T', trees[side]], { encoding: 'utf8' })).toBe('nfs\n');
  });
});
