/** `npm run test:nfs`: the end-to-end scenarios and the NFS suite, on the mounts given. */
import { defineConfig } from 'vitest/config';
import { mountsUnderTest } from './test/support/nfs-mounts.ts';

/**
 * End-to-end scenarios that say nothing of a file system which NFS does not give: no extended attributes, no
 * holes to be found (before 4.2), no other file system mounted in the tree; nor those that are about names alone.
 */
const scenarios = [
  'comparing',
  'deletion',
  'empty',
  'hard-links',
  'in-place',
  'interruption',
  'kind-changes',
  'live-trees',
  'long-paths',
  'metadata-only',
  'modes',
  'names',
  'not-root',
  'owners',
  'partial',
  'partial-failure',
  'specials',
  'symlinks',
  'times',
  'verification',
].map((name) => `test/e2e/${name}.test.ts`);

export default defineConfig({
  test: {
    include: [...(mountsUnderTest() === undefined ? [] : scenarios), 'test/nfs/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts', 'test/nfs/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Faults of a server are faults for all.
    fileParallelism: false,
    // Nor does any file change its process: one for all, and one oracle, where starting both is slow.
    isolate: false,
  },
});
