import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import {
  aSpec,
  attach,
  backdoor,
  createAsDeclared,
  detach,
  managed,
  putTrust,
  sessionOf,
  sweep,
  trustsEc2,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { ACCOUNT_ID, scene, type Scene } from '../support/scene.ts';

const MINUTE = 60_000;
const names = ['app', 'web'];
const spec = aSpec({
  names,
  inlinePolicies: { unlisted: 'delete', policies: {} },
  more: { deployers: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:role/terraform'] },
});
const administrator = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

const changes = {
  enter: (role: string, by: JsonObject) => putTrust(backdoor, by, role),
  attach: (role: string, by: JsonObject) => attach('SecurityAudit', by, role),
  forbidden: (role: string, by: JsonObject) => attach('AdministratorAccess', by, role),
  detach: (role: string, by: JsonObject) => detach('ReadOnlyAccess', by, role),
  inline: (role: string, by: JsonObject) =>
    anIamEvent('PutRolePolicy', { roleName: role, policyName: 'p', policyDocument: administrator }, by),
  remove: (role: string, by: JsonObject) => anIamEvent('DeleteRole', { roleName: role }, by),
  create: (role: string, by: JsonObject) =>
    anIamEvent('CreateRole', { roleName: role, assumeRolePolicyDocument: JSON.stringify(backdoor) }, by),
};

const role = fc.constantFrom(...names);
const change = fc.record({
  what: fc.constantFrom(...Object.keys(changes)),
  role,
  by: fc.constantFrom({}, sessionOf('terraform', 'ci-42')),
  how: fc.constantFrom('once', 'twice at once', 'late', 'and the process dies'),
});
const move = fc.oneof(
  { weight: 8, arbitrary: change },
  fc.record({ minutes: fc.constantFrom(0.02, 0.2, 1, 5, 20, 90) }),
  fc.record({ exempt: role, for: fc.constantFrom(5, 30) }),
  fc.record({ pause: fc.boolean() }),
  fc.record({ sweep: fc.constant(true) }),
);
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;

/** Makes a move; answers what the queue would deliver again. */
async function make(one: Scene, given: Move): Promise<readonly JsonObject[]> {
  const now = one.clock.now();
  if ('minutes' in given) await one.pass(given.minutes * MINUTE);
  else if ('pause' in given) await (given.pause ? one.killSwitch.pause('ann') : one.killSwitch.unpause());
  else if ('sweep' in given) await sweep(one, names);
  else if ('exempt' in given) {
    const until = new Date(now.getTime() + given.for * MINUTE).toISOString();
    const exempted = { accountId: ACCOUNT_ID, partition: 'aws', roleName: given.exempt };
    await one.controls.exempt(exempted, { at: now.toISOString(), until, reason: 'outage 17', by: 'ann' });
  } else return suffer(one, given);
  return [];
}

async function suffer(
  one: Scene,
  given: Extract<Move, { readonly how: string }>,
): Promise<readonly JsonObject[]> {
  const eventTime = one.clock.now().toISOString().replace(/\.\d+/, '');
  const made = Object.entries(changes).find(([name]) => name === given.what)?.[1] ?? changes.enter;
  const event = made(given.role, { ...given.by, eventTime });
  // What is not possible does not happen.
  if (!happened(one, event)) return [];
  if (given.how === 'late') return [event];
  if (given.how === 'and the process dies') one.dieAfter(4);
  const deliveries = given.how === 'twice at once' ? [event, event] : [event];
  const failed = await Promise.all(deliveries.map(async (delivered) => one.deliver(delivered)));
  return one.revive() || failed.flat().length > 0 ? [event] : [];
}

function happened({ account }: Scene, { eventName, requestParameters }: JsonObject): boolean {
  if (typeof eventName !== 'string' || typeof requestParameters !== 'object' || requestParameters === null)
    throw new TypeError('the event names no call');
  const call = { eventName, requestParameters: Object.fromEntries(Object.entries(requestParameters)) };
  return account.apply(call).refusal === null;
}

/** How a role stands at last, and how it should. A deleted one nobody creates again. */
function endOf({ account }: Scene, name: string, idAtFirst: string | undefined): readonly [unknown, unknown] {
  const left = account.role(name);
  if (left === null) return [null, null];
  const { trustPolicy, managedPolicies, roleId } = left;
  const declared = roleId === idAtFirst ? [managed('ReadOnlyAccess')] : [];
  return [
    { trustPolicy, managedPolicies },
    { trustPolicy: trustsEc2, managedPolicies: declared },
  ];
}

it('whatever happens to the roles in whatever order, in the end they are as declared, and nobody who came new got anything', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 10, maxLength: 30 }), async (moves) => {
      const one = await scene(spec);
      try {
        for (const name of names) createAsDeclared(one, name);
        await sweep(one, names);
        const ids = names.map((name) => one.account.role(name)?.roleId);
        const again: JsonObject[] = [];
        for (const given of moves) {
          const late = again.splice(0);
          again.push(...(await make(one, given)));
          if (late.length > 0) await one.deliver(...late);
        }
        await one.killSwitch.unpause();
        if (again.length > 0) await one.deliver(...again);
        await sweep(one, names);
        await one.pass(4 * 60 * MINUTE);
        for (const [index, name] of names.entries()) {
          const [end, expected] = endOf(one, name, ids[index]);
          expect(end).toEqual(expected);
          expect(await one.ledger.owed({ accountId: ACCOUNT_ID, roleName: name })).toEqual([]);
        }
      } finally {
        await one.close();
      }
    }),
    { numRuns: 40 },
  );
});
