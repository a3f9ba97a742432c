/**
 * Any tree synced over any other with any mix of options: an independent judge finds the same result as
 * rsync's. A second run finds nothing to do, and `verify` agrees.
 */
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz.ts';
import { describeWith } from '../support/requirements.ts';
import { test } from '../support/scenario.ts';
import { anyInput, expectSameAsRsync } from './beside-rsync.ts';

describeWith(['root', 'rsync', 'setfacl', 'user xattrs'], 'beside rsync', () => {
  test('any trees and any options', { timeout: FUZZ_TIMEOUT_MS }, async ({ memoryTrees }) => {
    // Runs for an hour; each other suite has twelve minutes.
    await fuzz('trees and options beside rsync', { input: anyInput, share: 3, atOnce: 4 }, (drawn) =>
      expectSameAsRsync(memoryTrees, drawn),
    );
  });
});
