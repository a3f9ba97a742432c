/** The suites of `npm test`; the long property run has a configuration of its own. */
import { configDefaults, defineConfig } from 'vitest/config';

/** Change nothing of the process that they run in: a process serves many, where starting one takes half a second. */
const SHARING = ['test/e2e/*.test.ts', 'test/unit/{model,policy,report}/**/*.test.ts'];

// On a machine that is busy with something else, too.
const PATIENCE = { testTimeout: 240_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    globalSetup: 'test/support/global-setup.ts',
    // For two processors: tests wait for much of their time.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...PATIENCE,
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...SHARING],
        },
      },
      { test: { ...PATIENCE, name: 'shared', include: SHARING, isolate: false } },
    ],
  },
});
