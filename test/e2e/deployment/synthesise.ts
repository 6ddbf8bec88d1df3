import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { App } from 'aws-cdk-lib';
import * as z from 'zod/mini';

import { DriftRemediatorStack } from '../../../infra/drift-remediator-stack.ts';
import type { Settings } from '../../../infra/settings.ts';

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.optional(z.unknown()) })),
});

/** As it is sent to CloudFormation; of it only the functions are read. */
export type Template = z.infer<typeof templateSchema>;

/** What `npm run synth` writes: the template, and the folders that Lambda gets as zip files. */
export interface Assembly {
  readonly template: Template;
  /** The folder that a function runs in; `key` is its `Code.S3Key`. */
  readonly assetFolder: (key: string) => string;
}

const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

/** Synthesises the product's own stack into `outdir`, with the settings that a user could write. */
export function synthesise(settings: Settings, outdir: string): Assembly {
  const root = join(import.meta.dirname, '../../..');
  const { context } = z.parse(cdkJson, readJson(join(root, 'cdk.json')));
  const app = new App({ outdir, context });
  const { stackName } = new DriftRemediatorStack(app, 'IamDriftRemediator', settings);
  app.synth();
  return {
    template: z.parse(templateSchema, readJson(join(outdir, `${stackName}.template.json`))),
    assetFolder: (key) => join(outdir, `asset.${key.replace(/\.zip$/, '')}`),
  };
}

function readJson(file: string): unknown {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return json;
}
