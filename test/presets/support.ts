import { stringify } from 'yaml';

import type { Json } from '../../shared/model.ts';
import { loadSpec } from '../../shared/spec/load-spec.ts';
import type { Spec } from '../../shared/spec/spec.ts';

/** A spec with one role, which has this preset. */
export function load(name: string, params?: unknown, roleName = 'a') {
  const preset = params === undefined ? name : { name, params };
  return loadSpec(stringify({ version: 1, roles: [{ name: roleName, preset }] }), 'roles.yaml');
}

export function declared({ spec }: { readonly spec: Spec | null }, aspect: string): Json | undefined {
  return spec?.roles[0]?.aspects[aspect]?.declared;
}

/** An AWS managed policy as a preset declares it. */
export const awsPolicy = (name: string) => `arn:\${AWS::Partition}:iam::aws:policy/${name}`;

/** A trust policy with one statement that allows this. */
export const trusting = (principal: Json, action: Json, condition?: Json) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: principal,
      Action: action,
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  ],
});
