/** `npm run test:processes`: the end-to-end scenarios once more, with units served by child processes. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts', 'test/processes/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    maxWorkers: 3,
    isolate: false,
  },
});
