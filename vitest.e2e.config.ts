import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    // One account at a time on the one server, and CDK loaded once.
    fileParallelism: false,
    isolate: false,
    reporters: ['tree'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
  },
});
