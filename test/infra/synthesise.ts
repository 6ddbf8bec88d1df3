import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod/mini';

import type { DriftRemediatorProps } from '../../infra/constructs/drift-remediator.ts';
import { DriftRemediatorStack } from '../../infra/drift-remediator-stack.ts';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.catch(z.record(z.string(), z.unknown()), {}),
});
const templateSchema = z.looseObject({ Resources: z.record(z.string(), resourceSchema) });

export type Resource = z.infer<typeof resourceSchema>;

export interface Synthesised {
  /** As CloudFormation would get it, digests of assets replaced by `<hash>`. */
  readonly template: z.infer<typeof templateSchema>;
  /** Of one type, by logical ID. */
  readonly resources: (type: string) => ReadonlyMap<string, Resource>;
  /** Folder of the cloud assembly. */
  readonly assembly: string;
}

const cdkJson = z.parse(
  z.object({ context: z.record(z.string(), z.unknown()) }),
  JSON.parse(readFileSync('cdk.json', 'utf8')),
);

/** The stack, synthesised as the CDK command line does, with placeholders for the built functions. */
export function synthesise(props: DriftRemediatorProps = {}): Synthesised {
  const assembly = temporaryFolder();
  const app = new App({ outdir: assembly, analyticsReporting: false, context: cdkJson.context });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new DriftRemediatorStack(app, 'IamDriftRemediator', {
    functionBundles: placeholders(),
    ...props,
  });
  const template: unknown = app.synth().getStackByName(stack.stackName).template;
  const parsed = z.parse(
    templateSchema,
    JSON.parse(JSON.stringify(template).replaceAll(/[0-9a-f]{64}/g, '<hash>')),
  );
  return {
    assembly,
    template: parsed,
    resources: (type) => new Map(Object.entries(parsed.Resources).filter(([, { Type }]) => Type === type)),
  };
}

/** A spec file with this text. */
export function specFile(text: string): string {
  const file = join(temporaryFolder(), 'roles.yaml');
  writeFileSync(file, text);
  return file;
}

export function placeholders(): string {
  const folder = temporaryFolder();
  for (const name of ['remediate', 'resync', 'notify', 'canary']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.mjs'), `export const handler = () => '${name}';\n`);
  }
  return folder;
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'iam-drift-infra-'));
}
