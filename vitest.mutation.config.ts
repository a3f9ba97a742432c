/** The tests that judge changed lines of src/policy: `npm run test:mutation`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/policy/**/*.test.ts', 'test/unit/cli/**/*.test.ts'],
    exclude: ['test/unit/cli/reporters/**'],
  },
});
