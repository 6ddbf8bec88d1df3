import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One module graph for all files: the AWS SDK is loaded once, which halves the suite's time.
    isolate: false,
    testTimeout: 20_000,
  },
});
