import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { ownRoleNames } from '../../infra/names.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { jsonLines } from '../cli/run-cli.ts';
import { commandLine, type CommandLine } from './chain/command-line.ts';
import { deployedStatements } from './chain/deployed-statements.ts';
import { SESSION } from './chain/gateway.ts';
import { attach, detach, type IamChange, putInlinePolicy, putTrust, roleNow } from './chain/iam-changes.ts';
import { install, type Installation, secondsOf } from './chain/installation.ts';
import { createBareRole, declared, deleteRole, fleet, operatedRoles } from './chain/operated-roles.ts';
import { wholeRole } from './chain/role-state.ts';
import { runScript } from './chain/run-script.ts';
import { withBackdoor } from './chain/trust-documents.ts';
import { ACCOUNT_ID } from './moto/account.ts';

const readOnlyAccess = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess';
const securityAudit = 'arn:aws:iam::aws:policy/SecurityAudit';
const backdoored = withBackdoor(declared.trustPolicy);
const done = { exitCode: 0, stderr: '' };
/** What the command line's own name for the operator, and AWS's for his credentials, come to. */
const ann = `ann (assumed-role/${ownRoleNames.operator}/${SESSION})`;
function refusedWith(words: string) {
  const stderr: unknown = expect.stringContaining(words);
  return { exitCode: 1, stdout: '', stderr };
}

let installation: Installation;
let people: CommandLine;

beforeAll(async () => {
  installation = await install(operatedRoles);
  people = await commandLine(installation.aws, join(import.meta.dirname, '../../.cache/e2e/operators'), {
    admin: 'Admins',
  });
  // Every role is seen in sync once, as after a deployment.
  const { roles } = z.parse(z.object({ roles: z.int() }), await installation.resync());
  await looked('resyncs', roles);
});

// What the test before has left drifted does not count against the next one's roles.
beforeEach(() => installation.resume());

afterAll(async () => {
  people.close();
  await installation.stop();
});

const now = (roleName: string) => roleNow(installation.aws.iam, roleName);

/** Somebody makes these changes; the function looks at each. */
async function happens(...changes: readonly IamChange[]): Promise<void> {
  for (const change of changes) {
    await installation.happen(change);
    await looked('changes', 1);
  }
}

/** The function has looked at so many roles that it was asked to look at. */
async function looked(queue: 'changes' | 'resyncs', most: number): Promise<void> {
  for (let left = most; left > 0;) {
    const { bodies, failed } = await installation.carry(queue);
    expect({ isEmpty: bodies.length === 0, failed }).toEqual({ isEmpty: false, failed: [] });
    left -= bodies.length;
  }
}

/** The function has looked at all roles that it was asked to look at. */
async function lookedAtAll(): Promise<void> {
  while ((await installation.carry('resyncs')).bodies.length > 0);
}

/** People are told this and nothing else: the subjects, in alphabetical order. */
async function areTold(...subjects: readonly RegExp[]): Promise<void> {
  await installation.carry('reports');
  const mail = await installation.subscriber.readMail();
  expect(mail.map(({ subject }) => subject).sort()).toEqual(
    subjects.map((subject): unknown => expect.stringMatching(subject)),
  );
}

const exemption = z.object({ exemption: z.object({ until: z.string() }) });
const revocation = z.object({ policyName: z.string(), policyDocument: z.json() });
const incident = z.looseObject({
  incidentId: z.string(),
  role: z.object({ roleName: z.string() }),
  report: z.looseObject({
    outcome: z.string(),
    nextSteps: z.array(z.string()),
    recreate: z.optional(z.object({ from: z.string(), script: z.string() })),
  }),
});

/** The role's last incident, as the operators' command line shows it. */
async function lastIncident(roleName: string) {
  const { exitCode, stdout, stderr } = await people.run(['history', roleName, '--json']);
  expect({ exitCode, stderr }).toEqual(done);
  return z.parse(incident, jsonLines(stdout)[0]);
}

/** CloudTrail tells of a change that was made already. */
const asMade = (change: IamChange): IamChange => ({ ...change, send: async () => {} });

/** Such a command as the role's last report tells people to run. */
async function toldCommand(verb: string, roleName: string): Promise<readonly string[]> {
  const { nextSteps } = (await lastIncident(roleName)).report;
  const [, words = ''] = new RegExp(`iam-drift (${verb}(?: [\\w/-]+)+)`).exec(nextSteps.join('\n')) ?? [];
  return words.split(' ');
}

// The first of all: a function that has read the switch believes it for ten seconds.
it('pause: nothing is written and people are told why; unpause: what was held is put back, once the switch is read anew', async () => {
  expect(await people.run(['pause', '--reason', 'migration of the nodes'])).toMatchObject(done);
  await happens(putTrust('paused', backdoored));
  expect((await now('paused')).trustPolicy).toEqual(backdoored);
  expect(await lastIncident('paused')).toMatchObject({
    report: {
      outcome: 'held',
      changes: [{ heldBy: 'killSwitch', reason: `all changes are paused: ${ann}: migration of the nodes` }],
    },
  });
  await areTold(/^Critical, held: paused: /, /^Paused: no role .* is put back for now/);

  expect(await people.runUnhurried(['unpause'])).toMatchObject(done);
  while ((await installation.carry('resyncs')).bodies.length === 0);
  expect(await now('paused')).toEqual(declared);
  await areTold(
    /^Critical, put back: paused: /,
    /^Unpaused: roles in account 111122223333 are put back again$/,
  );
});

describe('exempt', () => {
  it('drift is held until then and told with who and why; --end: it is put back', async () => {
    const granted = await people.run(['exempt', 'exempted', '--for', '2h', '--reason', 'INC-17', '--json']);
    expect(granted).toMatchObject(done);
    const { until } = z.parse(exemption, JSON.parse(granted.stdout)).exemption;
    await happens(putTrust('exempted', backdoored));
    expect((await now('exempted')).trustPolicy).toEqual(backdoored);
    expect(await lastIncident('exempted')).toMatchObject({
      report: {
        outcome: 'held',
        changes: [{ heldBy: 'exemption', reason: `${ann} has exempted this role: INC-17`, dueAt: until }],
      },
    });
    await areTold(/^Critical, held: exempted: /, /^Exemption: role exempted .* is left as it is until /);

    expect(await people.run(['exempt', 'exempted', '--end'])).toMatchObject(done);
    await looked('resyncs', 1);
    expect(await now('exempted')).toEqual(declared);
    await areTold(
      /^Critical, put back: exempted: /,
      /^Exemption ended: role exempted in account 111122223333 is put back again$/,
    );
  });

  it('is for no longer than the installation’s settings say', async () => {
    const tooLong = await people.run(['exempt', 'exempted', '--for', '13h', '--reason', 'x']);
    expect(tooLong).toEqual(refusedWith('12h at most'));
  });
});

describe('approve', () => {
  it('a role that somebody else created again is closed and given nothing, until it is approved', async () => {
    await installation.happen(deleteRole('replaced'));
    await installation.happen(createBareRole('replaced', backdoored));
    await installation.happen(attach('replaced', administratorAccess));
    await looked('changes', 3);
    expect(await now('replaced')).toEqual({ ...declared, attached: [] });
    await areTold(/^Critical, partly put back: replaced: /);

    const command = await toldCommand('approve', 'replaced');
    expect(command).toEqual(['approve', 'replaced']);
    expect(await people.run(command)).toMatchObject(done);
    await looked('resyncs', 1);
    expect(await now('replaced')).toEqual(declared);
    await areTold(
      /^Approved: role replaced in account 111122223333 is the declared one$/,
      /^Medium, put back: replaced: /,
    );
  });

  it('is refused for a role that is the known one', async () => {
    expect(await people.run(['approve', 'exempted'])).toEqual(refusedWith('nothing to approve'));
  });
});

describe('resume', () => {
  it('many roles drift at once: doors are closed and nothing is given back, until an operator says to go ahead', async () => {
    for (const roleName of fleet) await happens(detach(roleName, readOnlyAccess));
    await happens(putTrust('fleet-5', backdoored));
    const heldRoles = ['fleet-4', 'fleet-5'];
    for (const roleName of fleet)
      expect(await now(roleName)).toEqual(
        heldRoles.includes(roleName) ? { ...declared, attached: [] } : declared,
      );
    await areTold(/^Critical: 6 reports of drift$/);

    const command = await toldCommand('resume', 'fleet-4');
    expect(command.slice(0, 2)).toEqual(['resume', '--incident']);
    expect(await people.run(command)).toMatchObject(done);
    await lookedAtAll();
    for (const roleName of fleet) expect(await now(roleName)).toEqual(declared);
    await areTold(
      /^Medium, put back: fleet-4: /,
      /^Medium, put back: fleet-5: /,
      /^Resumed: .* is put back$/,
    );
  });
});

describe('history and rollback', () => {
  it('what was put back stands in the history, and comes back by the credentials of somebody who may, and stays', async () => {
    const asItWas = { ...declared, attached: [readOnlyAccess, securityAudit] };
    await happens(attach('rolled-back', securityAudit));
    expect(await now('rolled-back')).toEqual(declared);
    await areTold(/^High, put back: rolled-back: /);
    const history = await people.run(['history', 'ROLLED-BACK']);
    expect(history).toMatchObject(done);
    expect(history.stdout).toMatch(
      /UTC {2}rolled-back {2}put back\n.*alice attached a managed policy to this role\n {2}✓ detached SecurityAudit\n/,
    );
    const { incidentId } = await lastIncident('rolled-back');
    expect(history.stdout).toContain(incidentId);

    const rollback = ['rollback', incidentId, '--hold', '4h'];
    const plan = await people.run([...rollback, '--iam-profile', 'admin']);
    expect(plan).toMatchObject(done);
    expect(plan.stdout).toContain('→ attach SecurityAudit\n');
    expect(await people.run([...rollback, '--apply'])).toEqual(refusedWith('--iam-profile'));
    expect(await now('rolled-back')).toEqual(declared);
    await areTold();

    const rolled = await people.run([...rollback, '--iam-profile', 'admin', '--apply', '--json']);
    expect(rolled).toMatchObject(done);
    const { until } = z.parse(exemption, JSON.parse(rolled.stdout)).exemption;
    expect(await now('rolled-back')).toEqual(asItWas);
    await happens(asMade(attach('rolled-back', securityAudit)));
    expect(await now('rolled-back')).toEqual(asItWas);
    expect(await lastIncident('rolled-back')).toMatchObject({
      report: { outcome: 'held', changes: [{ heldBy: 'exemption', dueAt: until }] },
    });
    await areTold(/^Exemption: role rolled-back /, /^High, held: rolled-back: /);
  });

  it('without a role, the history is of all', async () => {
    const { stdout, stderr } = await people.run(['history', '--json']);
    expect(stderr).toBe('');
    const roles = jsonLines(stdout).map((line) => z.parse(incident, line).role.roleName);
    expect(roles).toEqual(expect.arrayContaining(['rolled-back']));
    for (const roleName of new Set(roles)) expect(operatedRoles.spec).toContain(`"${roleName}"`);
  });
});

describe('a deleted role', () => {
  it('is made again by the script of its report, as it was to the last tag, and is the declared one once it is approved', async () => {
    const before = await wholeRole(installation.aws.iam, 'deleted');
    await happens(deleteRole('deleted'));
    const { report } = await lastIncident('deleted');
    await areTold(/^Medium, left as it is: deleted: this role does not exist any more$/);

    const printed = await people.run(await toldCommand('recreate', 'deleted'));
    expect(printed).toMatchObject({ exitCode: 0, stdout: report.recreate?.script });
    expect(await runScript(installation.aws.endpoint, printed.stdout)).toEqual([
      'iam create-role',
      'iam attach-role-policy',
      'iam put-role-policy',
      'iam add-role-to-instance-profile',
      'iam tag-role',
    ]);
    expect(await wholeRole(installation.aws.iam, 'deleted')).toEqual(before);
    expect(await people.run(['approve', 'deleted'])).toEqual(refusedWith('try again in a minute'));
    await happens(asMade(createBareRole('deleted', declared.trustPolicy)));
    expect((await lastIncident('deleted')).report.outcome).toBe('in-sync');
    await areTold();

    expect(await people.run(['approve', 'deleted'])).toMatchObject(done);
    await looked('resyncs', 1);
    await happens(detach('deleted', readOnlyAccess));
    expect(await wholeRole(installation.aws.iam, 'deleted')).toEqual(before);
    await areTold(/^Approved: role deleted /, /^Medium, put back: deleted: /);
  });

  it('whenDeleted: recreate: it is created again when its time has come, and needs no approval', async () => {
    const { roleStates, aws } = installation;
    const eventTime = secondsOf(Date.now() - 120_000);
    const deletion = anIamEvent('DeleteRole', { roleName: 'revived' }, { eventTime });
    await deleteRole('revived').send(aws.iam);
    await installation.putEvent(deletion);
    await looked('changes', 1);
    expect(await lastIncident('revived')).toMatchObject({
      report: { outcome: 'held', changes: [{ heldBy: 'recreation' }] },
    });

    // A minute has passed.
    const state = await roleStates.get({ accountId: ACCOUNT_ID, partition: 'aws', roleName: 'revived' });
    const drift = state.drift === null ? null : { ...state.drift, since: eventTime };
    expect(await roleStates.put({ ...state, drift })).toBe(true);
    await installation.putEvent(deletion);
    await looked('changes', 1);
    await happens(asMade(createBareRole('revived', declared.trustPolicy)));
    expect(await now('revived')).toEqual(declared);
    expect(await people.run(['approve', 'revived'])).toEqual(refusedWith('nothing to approve'));
    await areTold(
      /^Medium, created again: revived: /,
      /^Medium, held: revived: /,
      /^Medium, put back: revived: /,
    );
  });
});

describe('revoke-sessions', () => {
  it('refuses what was opened before, with what its help asks for; the remediator leaves that alone', async () => {
    const command = ['revoke-sessions', 'revoked', '--before', 'now', '--json'];
    const before = await wholeRole(installation.aws.iam, 'revoked');
    // Its reads start together: which of them is refused first is chance.
    expect(await people.run([...command, '--apply'])).toEqual(
      refusedWith('is not authorized to perform: iam:'),
    );
    expect(await people.run(command, 'Responders')).toMatchObject(done);
    expect(await wholeRole(installation.aws.iam, 'revoked')).toEqual(before);

    const revoked = await people.run([...command, '--apply'], 'Responders');
    expect(revoked).toMatchObject(done);
    const { policyName, policyDocument } = z.parse(revocation, JSON.parse(revoked.stdout));
    const inForce = { inlinePolicies: { [policyName]: policyDocument } };
    expect(await wholeRole(installation.aws.iam, 'revoked')).toMatchObject(inForce);
    await happens(asMade(putInlinePolicy('revoked', policyName, policyDocument)));
    expect(await wholeRole(installation.aws.iam, 'revoked')).toMatchObject(inForce);
    await areTold(/^Medium, left as it is: revoked: /);
  });
});

describe('the operators’ role', () => {
  it('was refused reads of IAM only, others with their own credentials nothing, and the functions nothing', () => {
    for (const refusal of people.gateway.denied)
      expect(refusal).toMatch(/^IamDriftRemediatorOperator is not authorized to perform: iam:(?:Get|List)/);
    expect(installation.denied()).toEqual([]);
  });

  it('may do what its commands have done, and nothing else', async () => {
    const statements = await deployedStatements(installation.aws.iam, ownRoleNames.operator);
    const granted = statements.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => `${action} ${resource}`)),
    );
    const used = people.gateway.allowed
      .filter(({ roleName }) => roleName === ownRoleNames.operator)
      .map(({ action, resource }) => `${action} ${resource}`);
    // For whoever wants to see the switch: no command reads it.
    const toSee = granted.filter((grant) => /^ssm:GetParameter .*kill-switch$/.test(grant));
    expect([...new Set([...used, ...toSee])].sort()).toEqual(granted.sort());
  });
});
