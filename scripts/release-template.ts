/**
 * Writes `dist/release/`: the stack as a plain CloudFormation template, and the zip files of its functions, for people
 * without CDK. The template asks for the bucket that the zip files were copied to. Settings and spec are those of
 * `infra/settings.ts`, compiled in.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App } from 'aws-cdk-lib';
import * as z from 'zod/mini';

import { DriftRemediatorStack } from '../infra/drift-remediator-stack.ts';
import { settings } from '../infra/settings.ts';
import { zipArchive } from './zip-archive.ts';

const OUTPUT = 'dist/release';
const TEMPLATE = 'iam-drift-remediator.template.json';

const lambdaCode = z.looseObject({ S3Bucket: z.unknown(), S3Key: z.string() });
const template = z.looseObject({
  Parameters: z.record(z.string(), z.unknown()),
  Rules: z.record(z.string(), z.unknown()),
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.optional(z.record(z.string(), z.unknown())) }),
  ),
});

const assembly = mkdtempSync(join(tmpdir(), 'iam-drift-release-'));
try {
  const app = new App({ outdir: assembly, analyticsReporting: false, context: cdkContext() });
  const { stackName } = new DriftRemediatorStack(app, 'IamDriftRemediator', settings);
  const synthesised = z.parse(template, app.synth().getStackByName(stackName).template);
  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(OUTPUT, { recursive: true });
  write(synthesised);
} finally {
  rmSync(assembly, { recursive: true });
}

function write({ Parameters, Rules, Resources, ...rest }: z.infer<typeof template>): void {
  // They ask for CDK's bootstrap stack, which nobody needs here.
  const { BootstrapVersion: _version, ...parameters } = Parameters;
  const { CheckBootstrapVersion: _check, ...rules } = Rules;
  const plain = {
    ...rest,
    Parameters: {
      AssetsBucket: {
        Type: 'String',
        Description: 'The bucket, in the region of this stack, that holds the zip files of the functions',
      },
      AssetsPrefix: {
        Type: 'String',
        Default: '',
        Description: 'What the keys of the zip files begin with, such as iam-drift-remediator/; may be empty',
      },
      ...parameters,
    },
    Rules: rules,
    Resources: Object.fromEntries(
      Object.entries(Resources).map(([id, { Metadata: _metadata, ...resource }]) => [
        id,
        resource.Type === 'AWS::Lambda::Function' ? withReleasedCode(resource) : resource,
      ]),
    ),
  };
  writeFileSync(join(OUTPUT, TEMPLATE), `${JSON.stringify(plain, null, 1)}\n`);
  console.log(`${OUTPUT}/${TEMPLATE}`);
}

function withReleasedCode<
  Resource extends { readonly Properties?: Readonly<Record<string, unknown>> | undefined },
>(resource: Resource) {
  const properties = resource.Properties ?? {};
  const { S3Key } = z.parse(lambdaCode, properties['Code']);
  const asset = S3Key.replace(/\.zip$/, '');
  const zip = `${z.parse(z.string(), properties['FunctionName'])}-${asset.slice(0, 12)}.zip`;
  writeFileSync(join(OUTPUT, zip), zipFolder(join(assembly, `asset.${asset}`)));
  console.log(`${OUTPUT}/${zip}`);
  const Code = { S3Bucket: { Ref: 'AssetsBucket' }, S3Key: { 'Fn::Sub': `\${AssetsPrefix}${zip}` } };
  return { ...resource, Properties: { ...properties, Code } };
}

function zipFolder(folder: string): Buffer {
  const names = readdirSync(folder).sort();
  return zipArchive(names.map((name) => ({ name, content: readFileSync(join(folder, name)) })));
}

// As the CDK command line would hand it over: without it the template would differ from the one of `npm run deploy`.
function cdkContext(): Record<string, unknown> {
  const file: unknown = JSON.parse(readFileSync('cdk.json', 'utf8'));
  return z.parse(z.object({ context: z.record(z.string(), z.unknown()) }), file).context;
}
