import { type GuardLimits, usualLimits } from '../../shared/guards/limits.ts';
import type { JsonObject } from '../../shared/model.ts';
import { recheckMessage } from '../../shared/ports/recheck-message.ts';
import { aSpec, attach, backdoor, detach, managed, putTrust, resyncOf, sessionOf } from './app-role.ts';
import { anIamEvent } from './cloudtrail-events.ts';
import { ACCOUNT_ID, type Scene } from './scene.ts';

export type Messages = readonly (JsonObject | string)[];

/** A look that may die: what leads up to it, and the messages that ask for it. */
export interface Kind {
  readonly spec: string;
  readonly names?: readonly string[];
  readonly limits?: GuardLimits;
  readonly arrange?: (one: Scene) => Promise<void>;
  readonly act: (one: Scene) => Promise<Messages> | Messages;
  /** Neither is it put back, nor does it stay as it is: it changes with whatever else happens. */
  readonly isLeft?: boolean;
  /** A crash makes one incident of two. */
  readonly isJoined?: boolean;
}

const MINUTE = 60_000;
const app = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };
const roles = (count: number) => Array.from({ length: count }, (_, index) => `role-${index + 1}`);
const containment = `arn:aws:iam::${ACCOUNT_ID}:policy/containment`;
const allOf = (Effect: string): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action: '*', Resource: '*' }],
});
const deployer = sessionOf('deployer', 'ci-42');
const graced = aSpec({ more: { deployers: [`arn:aws:iam::${ACCOUNT_ID}:role/deployer`] } });

/** What each record tells of happens to the account; answers the records. */
export function applied({ account }: Scene, ...records: readonly JsonObject[]): Messages {
  for (const { eventName, requestParameters } of records)
    if (typeof eventName === 'string')
      account.apply({
        eventName,
        requestParameters: Object.fromEntries(Object.entries(requestParameters ?? {})),
      });
  return records;
}

/** The looks that were asked for and come by then, as messages. */
function dueLooks(one: Scene, milliseconds: number): Messages {
  const looks = one.rechecks.splice(0);
  one.clock.advance(milliseconds);
  return looks.slice(-1).map(({ request }) => recheckMessage(request));
}

export const kindsOfLooks: Readonly<Record<string, Kind>> = {
  'an event': {
    spec: aSpec(),
    act: (one) => applied(one, putTrust(backdoor), attach('AdministratorAccess'), detach('ReadOnlyAccess')),
  },
  'an event in detect mode': {
    isLeft: true,
    spec: aSpec({ more: { mode: 'detect' } }),
    act: (one) => applied(one, putTrust(backdoor), attach('AdministratorAccess')),
  },
  'a resync that finds drift': {
    spec: aSpec(),
    act: (one) => {
      applied(one, putTrust(backdoor), detach('ReadOnlyAccess'));
      return [resyncOf('app')];
    },
  },
  'a hold by the kill switch that is over': {
    spec: aSpec(),
    arrange: async (one) => {
      await one.killSwitch.pause('maintenance');
      await one.happen(putTrust(backdoor), detach('ReadOnlyAccess'));
      await one.killSwitch.unpause();
    },
    act: (one) => dueLooks(one, 5 * MINUTE),
  },
  'grace that ends': {
    spec: graced,
    arrange: async (one) => {
      await one.happen(attach('SecurityAudit', deployer));
    },
    act: (one) => dueLooks(one, 10 * MINUTE),
  },
  'grace in which the spec catches up': {
    spec: graced,
    arrange: async (one) => {
      await one.happen(attach('SecurityAudit', deployer));
      one.redeploy(
        aSpec({
          attached: [managed('ReadOnlyAccess'), managed('SecurityAudit')],
          more: { deployers: [`arn:aws:iam::${ACCOUNT_ID}:role/deployer`] },
        }),
      );
    },
    act: (one) => dueLooks(one, 10 * MINUTE),
  },
  'grace, and then a backdoor': {
    spec: graced,
    arrange: async (one) => {
      await one.happen(attach('SecurityAudit', deployer));
    },
    act: (one) => applied(one, putTrust(backdoor)),
  },
  'a fight that has paused': {
    spec: aSpec(),
    arrange: async (one) => {
      for (let round = 0; round < 4; round += 1) await one.happen(putTrust(backdoor));
    },
    act: (one) => dueLooks(one, 2 * MINUTE),
  },
  'a fight, and something new': {
    spec: aSpec(),
    arrange: async (one) => {
      for (let round = 0; round < 4; round += 1) await one.happen(detach('ReadOnlyAccess'));
    },
    act: (one) => applied(one, attach('AdministratorAccess')),
  },
  'many roles, let go by resume': {
    spec: aSpec({ names: roles(4) }),
    names: roles(4),
    limits: { ...usualLimits, manyRoles: 3 },
    arrange: async (one) => {
      for (const name of roles(4)) await one.happen(detach('ReadOnlyAccess', {}, name));
      await one.pass(2 * MINUTE);
      await one.controls.resume(ACCOUNT_ID, {
        at: one.clock.now().toISOString(),
        incidentId: one.ledger.incidents()[0]?.incidentId ?? '',
        by: 'ann',
      });
      one.clock.advance(1000);
    },
    act: () => [resyncOf('role-4')],
  },
  'many roles, and a backdoor': {
    spec: aSpec({ names: roles(4) }),
    names: roles(4),
    limits: { ...usualLimits, manyRoles: 3 },
    arrange: async (one) => {
      for (const name of roles(4)) await one.happen(detach('ReadOnlyAccess', {}, name));
    },
    act: (one) => applied(one, putTrust(backdoor, {}, 'role-4')),
  },
  'a stranger': {
    spec: aSpec(),
    act: async (one) => {
      applied(one, detach('ReadOnlyAccess'), anIamEvent('DeleteRole', { roleName: 'app' }));
      one.account.createRole({ roleName: 'app', trustPolicy: backdoor });
      return [anIamEvent('CreateRole', { roleName: 'app' })];
    },
  },
  'a stranger who is approved': {
    spec: aSpec(),
    arrange: async (one) => {
      applied(one, detach('ReadOnlyAccess'), anIamEvent('DeleteRole', { roleName: 'app' }));
      one.account.createRole({ roleName: 'app', trustPolicy: backdoor });
      await one.deliver(anIamEvent('CreateRole', { roleName: 'app' }));
      const { strangerId } = await one.roleStates.get(app);
      await one.controls.approve(app, {
        at: one.clock.now().toISOString(),
        roleId: strangerId ?? '',
        by: 'ann',
      });
    },
    act: () => [resyncOf('app')],
  },
  'a change that failed for a while': {
    spec: aSpec(),
    arrange: async (one) => {
      one.account.inject({ operation: 'DetachRolePolicy', error: 'AccessDenied', times: 1 });
      await one.happen(attach('AdministratorAccess'), putTrust(backdoor), detach('ReadOnlyAccess'));
    },
    act: () => [attach('AdministratorAccess')],
  },
  'a change that fails for good': {
    isLeft: true,
    spec: aSpec(),
    arrange: async (one) => {
      one.account.inject({
        operation: 'UpdateAssumeRolePolicy',
        error: 'MalformedPolicyDocument',
        times: 999,
      });
    },
    act: (one) => applied(one, attach('AdministratorAccess'), putTrust(backdoor)),
  },
  'what the spec leaves in place, and a backdoor': {
    spec: aSpec({ unlisted: 'report' }),
    arrange: async (one) => {
      await one.happen(attach('SecurityAudit'));
      one.clock.advance(MINUTE);
      one.rechecks.splice(0);
    },
    act: (one) => applied(one, putTrust(backdoor)),
  },
  'drift that somebody else has undone': {
    isLeft: true,
    spec: aSpec({ more: { mode: 'detect' } }),
    arrange: async (one) => {
      await one.happen(attach('AdministratorAccess'));
      one.clock.advance(MINUTE);
    },
    act: (one) => applied(one, detach('AdministratorAccess')),
  },
  'a deletion': {
    spec: aSpec(),
    act: (one) => {
      applied(one, detach('ReadOnlyAccess'));
      return applied(one, anIamEvent('DeleteRole', { roleName: 'app' }));
    },
  },
  'a deleted role that is made again': {
    isJoined: true,
    spec: aSpec().replace('"name":"app"', '"name":"app","whenDeleted":"recreate"'),
    arrange: async (one) => {
      applied(one, detach('ReadOnlyAccess'));
      await one.happen(anIamEvent('DeleteRole', { roleName: 'app' }, { eventTime: '2026-03-02T10:00:01Z' }));
    },
    act: (one) => dueLooks(one, 15 * MINUTE),
  },
  'a policy that many roles have': {
    spec: aSpec({ names: roles(6) }),
    names: roles(6),
    arrange: async (one) => {
      one.account.createPolicy({ arn: containment, document: allOf('Deny') });
      for (const name of roles(6))
        one.account.apply({
          eventName: 'AttachRolePolicy',
          requestParameters: { roleName: name, policyArn: containment },
        });
      for (const name of roles(6)) await one.deliver(resyncOf(name));
      one.clock.advance(MINUTE);
    },
    act: (one) =>
      applied(
        one,
        anIamEvent('CreatePolicyVersion', {
          policyArn: containment,
          policyDocument: JSON.stringify(allOf('Allow')),
          setAsDefault: true,
        }),
      ),
  },
};
