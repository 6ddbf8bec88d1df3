import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import type { Json } from '../../../shared/model.ts';
import { presets } from '../../../shared/presets/index.ts';
import { desiredRole } from '../../../shared/spec/desired-role.ts';
import { formatFault, loadSpec } from '../../../shared/spec/load-spec.ts';
import { ACCOUNT_ID } from '../moto/account.ts';

/** A preset's example, as the product's own loader reads it. */
export interface CatalogueRole {
  readonly preset: string;
  readonly roleName: string;
  readonly trustPolicy: Json;
  /** Of alternatives the first. */
  readonly required: readonly string[];
}

/** The spec that the tests deploy: every preset's example, enforced. JSON is YAML. */
export const catalogueSpec = JSON.stringify(
  {
    version: 1,
    defaults: { mode: 'enforce' },
    roles: presets.map(({ name, example: { params } }, index) => ({
      name: roleNameOf(index),
      preset: params === undefined ? name : { name, params },
    })),
  },
  null,
  2,
);

const requirement = z.union([
  z.string(),
  z.pipe(
    z.object({ oneOf: z.array(z.string()) }),
    z.transform(({ oneOf: [first = ''] }) => first),
  ),
]);
const aspectsSchema = z.object({
  trustPolicy: z.object({ declared: z.json() }),
  managedPolicies: z.optional(z.object({ declared: z.object({ attached: z.array(requirement) }) })),
});

export const catalogue: readonly CatalogueRole[] = expanded();

/** Makes every role of the catalogue as it is declared. */
export async function createCatalogue(iam: IAMClient): Promise<void> {
  const own = catalogue.flatMap(({ required }) => required).filter((arn) => !arn.includes(':iam::aws:'));
  // Two examples may name the same policy.
  for (const arn of new Set(own)) await createPolicy(iam, arn);
  for (const { roleName, trustPolicy, required } of catalogue) {
    await iam.send(
      new CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: JSON.stringify(trustPolicy) }),
    );
    for (const PolicyArn of required)
      await iam.send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn }));
  }
}

function expanded(): readonly CatalogueRole[] {
  const { spec, faults } = loadSpec(catalogueSpec, 'roles.yaml');
  if (spec === null) throw new Error(faults.map(formatFault).join('\n'));
  return presets.map(({ name }, index) => {
    const roleName = roleNameOf(index);
    const desired = desiredRole(spec, { accountId: ACCOUNT_ID, partition: 'aws', roleName });
    const { trustPolicy, managedPolicies } = z.parse(aspectsSchema, desired?.aspects);
    return {
      preset: name,
      roleName,
      trustPolicy: trustPolicy.declared,
      required: managedPolicies?.declared.attached ?? [],
    };
  });
}

// Two presets may describe the same role.
function roleNameOf(index: number): string {
  const names = presets.map(({ example }) => example.roleName);
  const name = names[index] ?? '';
  return names.indexOf(name) === index ? name : `${name}${index}`;
}

async function createPolicy(iam: IAMClient, arn: string): Promise<void> {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  });
  await iam.send(
    new CreatePolicyCommand({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyDocument }),
  );
}
