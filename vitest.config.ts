import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One module graph for all files: the AWS SDK is loaded once, which halves the suite's time.
    isolate: false,
    // Machines are busy at times; what hangs, hangs longer.
    testTimeout: 120_000,
  },
});
