import type { BuildOptions } from 'esbuild';

/** How a Lambda function is bundled, but for where it comes from and goes to. */
export const functionBundle = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // ES modules, so that what is not used falls away: the packages' CommonJS builds are twice as large.
  mainFields: ['module', 'main'],
  conditions: ['import', 'module'],
  minify: true,
  // Error and class names reach logs and the Lambda console.
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  alias: {
    'node:http': './scripts/shims/node-http.ts',
    '@aws-sdk/credential-provider-node': './scripts/shims/lambda-credentials.ts',
  },
  logLevel: 'warning',
} as const satisfies BuildOptions;
