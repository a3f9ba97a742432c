/** The tests that judge changed lines of src/policy: `npm run test:mutation`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/policy/**/*.test.ts', 'test/unit/cli/**/*.test.ts'],
    exclude: ['test/unit/cli/reporters/**'],
    // On a machine that is busy with something else, too; what a change sends round for ever Stryker ends itself.
    testTimeout: 240_000,
  },
});
