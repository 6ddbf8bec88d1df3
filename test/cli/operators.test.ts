import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod/mini';

import { ownRoleNames } from '../../infra/names.ts';
import { dynamoDbControls } from '../../shared/ledger/dynamodb-controls.ts';
import { dynamoDbRoleStates } from '../../shared/ledger/dynamodb-role-states.ts';
import { announcementIn } from '../../shared/ports/announcement.ts';
import { recheckRequest } from '../../shared/ports/recheck-message.ts';
import { unknownRole } from '../../shared/ports/role-state.ts';
import { aSpec, attach, backdoor, detach, putTrust, sessionOf } from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { ledgerTable } from '../support/dynamodb.ts';
import { type JsonService, jsonService } from '../support/json-service.ts';
import { ACCOUNT_ID, testClock } from '../support/scene.ts';
import { stsService } from '../support/sts-service.ts';
import { cli, inFolder, jsonLines } from './run-cli.ts';

const ledger = ['--ledger', 'ledger.json'] as const;
const at = (time: string) => ({ eventTime: `2026-03-02T${time}Z` });
const replay = (cwd: string, file: string, ...more: readonly string[]) =>
  cli(['replay', file, '--spec', 'roles.yaml', ...ledger, ...more], { cwd });
const outcomes = (stdout: string) =>
  jsonLines(stdout).map((line) => z.parse(z.object({ outcome: z.string() }), line).outcome);

const inTheYear2999 = (time: string) =>
  JSON.stringify(putTrust(backdoor, { eventTime: `2999-03-02T${time}Z` }));
const detachedAt = (time: string) => JSON.stringify(detach('ReadOnlyAccess', at(time)));

const arn = (account: string) => `arn:aws:iam::${account}:role/web/app`;

const files = {
  'roles.yaml': aSpec(),
  'first.json': JSON.stringify(putTrust(backdoor, at('10:00:00'))),
  'second.json': JSON.stringify(putTrust(backdoor, at('11:00:00'))),
};

describe('what operators say, in the file of a replay', () => {
  it('exempt: the role is left alone, with the reason in the report; --end ends it', async () => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      const said = await cli(
        ['exempt', 'app', '--for', '2h', '--reason', 'outage 17', '--by', 'ann', ...ledger],
        { cwd },
      );
      expect(said).toMatchObject({ exitCode: 0, stderr: '' });
      const second = await replay(cwd, 'second.json', '--json');
      expect(jsonLines(second.stdout)[0]).toMatchObject({
        outcome: 'held',
        changes: [
          {
            heldBy: 'exemption',
            reason: 'ann has exempted this role: outage 17',
            dueAt: '2026-03-02T13:00:00.000Z',
          },
        ],
      });
      // Two hours after the event, by the events' clock, it has ended.
      expect(outcomes(second.stdout)).toEqual(['held', 'remediated']);
      await cli(['exempt', 'app', '--for', '2h', '--reason', 'outage 17', ...ledger], { cwd });
      expect((await cli(['exempt', 'APP', '--end', ...ledger], { cwd })).exitCode).toBe(0);
      expect(outcomes((await replay(cwd, 'second.json', '--json')).stdout)).toEqual(['remediated']);
    });
  });

  it('exempt: of events that this machine’s clock has not reached, it counts from the last', async () => {
    const future = {
      ...files,
      'first.json': inTheYear2999('10:00:00'),
      'second.json': inTheYear2999('11:00:00'),
    };
    await inFolder(future, async (cwd) => {
      await replay(cwd, 'first.json');
      await cli(['exempt', 'app', '--for', '2h', '--reason', 'outage 17', ...ledger], { cwd });
      const second = await replay(cwd, 'second.json', '--json');
      expect(outcomes(second.stdout)).toEqual(['held', 'remediated']);
    });
  });

  it('exempt: a name that nobody knows is told, and exempted nevertheless', async () => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      const said = await cli(['exempt', 'ap', '--for', '2h', '--reason', 'outage 17', ...ledger], { cwd });
      expect(said.exitCode).toBe(0);
      expect(said.stderr).toContain('no role of the name ap');
    });
  });

  it('resume: is for what had drifted until then; what comes later is counted anew', async () => {
    const names = Array.from({ length: 14 }, (_, index) => `role-${index + 1}`);
    const detached = (minute: string) =>
      JSON.stringify(names.map((name) => detach('ReadOnlyAccess', at(`10:${minute}:00`), name)));
    const many = { 'roles.yaml': aSpec({ names }), 'a.json': detached('00'), 'b.json': detached('10') };
    await inFolder(many, async (cwd) => {
      const first = jsonLines((await replay(cwd, 'a.json', '--json')).stdout);
      expect(first).toHaveLength(18);
      expect(first[10]).toMatchObject({
        outcome: 'held',
        changes: [{ heldBy: 'blastRadius' }],
      });
      expect(JSON.stringify(first[10])).toContain('"dueAt":"2026-03-02T10:15:0');
      const { incidentId } = z.parse(z.object({ incidentId: z.string() }), first[10]);
      await cli(['resume', '--incident', incidentId, ...ledger], { cwd });
      const second = outcomes((await replay(cwd, 'b.json', '--json')).stdout);
      expect(second.filter((outcome) => outcome === 'held')).toHaveLength(4);
    });
  });

  it('pause holds everything, unpause goes on', async () => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      await cli(['pause', '--reason', 'migration', '--by', 'ann', ...ledger], { cwd });
      const held = await replay(cwd, 'second.json', '--show', 'json', '--json');
      expect(held.stdout).toContain('ann: migration');
      expect((await cli(['unpause', ...ledger, '--json'], { cwd })).stdout).toBe('{"paused":false}\n');
      expect(outcomes((await replay(cwd, 'second.json', '--json')).stdout)).toEqual(['remediated']);
    });
  });

  it('approve has nothing to approve where the role is the known one, as far as was seen', async () => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      const { exitCode, stderr } = await cli(['approve', 'app', ...ledger], { cwd });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /nothing to approve: app was seen .*; if it was created again just now, try again in a minute/,
      );
    });
  });

  it('approve: a role that was created again is the declared one from then on', async () => {
    const role = { roleName: 'app' };
    const again = { ...role, assumeRolePolicyDocument: JSON.stringify(backdoor) };
    const squat = [
      anIamEvent('DeleteRole', role, at('10:00:10')),
      anIamEvent('CreateRole', again, at('10:00:20')),
    ];
    const scenes = {
      ...files,
      'squat.json': JSON.stringify(squat),
      'a.json': detachedAt('11:00:00'),
      'b.json': detachedAt('12:00:00'),
      'c.json': detachedAt('13:00:00'),
    };
    await inFolder(scenes, async (cwd) => {
      await replay(cwd, 'first.json');
      const held = await replay(cwd, 'squat.json', '--json');
      expect(jsonLines(held.stdout)[1]).toMatchObject({
        outcome: 'partly-remediated',
        changes: [{ outcome: 'applied' }, { heldBy: 'squatter', dueAt: null }],
      });
      expect(await cli(['approve', 'APP', ...ledger], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
      for (const file of ['a.json', 'b.json', 'c.json'])
        expect(outcomes((await replay(cwd, file, '--json')).stdout)).toEqual(['remediated']);
    });
  });

  it('resume asks for an incident that there is', async () => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      const wrong = await cli(['resume', '--incident', 'x/y/z', ...ledger], { cwd });
      expect(wrong.stderr).toContain('no incident x/y/z');
      const kept: unknown = JSON.parse(await readFile(path.join(cwd, 'ledger.json'), 'utf8'));
      const { incidents } = z.parse(
        z.object({ incidents: z.array(z.object({ incidentId: z.string() })) }),
        kept,
      );
      const right = await cli(['resume', '--incident', incidents[0]?.incidentId ?? '', ...ledger], { cwd });
      expect(right).toMatchObject({ exitCode: 0, stderr: '' });
    });
  });

  it('history tells what happened, newest first', async () => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      await replay(cwd, 'second.json');
      const told = await cli(['history', 'APP', ...ledger], { cwd });
      expect(told.stdout).toMatch(
        /2026-03-02 11:00:0\d UTC {2}app {2}put back[^]*2026-03-02 10:00:0\d UTC {2}app {2}put back/,
      );
      expect(told.stdout).toContain('✓ put the declared trust policy back');
      expect(told.stdout).toMatch(/ this role\n/);
      const nowhere = await cli(['history', '--ledger', 'nowhere.json'], { cwd });
      expect(nowhere).toMatchObject({ exitCode: 1, stdout: '' });
      expect(nowhere.stderr).toContain('nowhere.json: cannot be read: there is no such file');
      expect(jsonLines((await cli(['history', '--json', ...ledger], { cwd })).stdout)).toHaveLength(2);
      expect((await cli(['history', 'other', ...ledger], { cwd })).stderr).toContain('no incident of other');
    });
  });

  it.each([
    [['exempt', 'app', '--reason', 'x'], '--for is missing'],
    [['exempt', 'app', '--for', '2w', '--reason', 'x'], '--for 2w'],
    [['exempt', 'app', '--for', '25h', '--reason', 'x'], '24h at most'],
    [['exempt', 'app', '--for', '2h'], '--reason is missing'],
    [['exempt', 'app', '--for', '2h', '--reason', '  '], '--reason is missing'],
    [['pause'], '--reason is missing'],
    [['pause', '--reason', 'x', '--by', 'ann (root)'], 'without brackets'],
    [['pause', '--reason', 'x', '--by', 'a'.repeat(65)], '64 characters'],
    [['pause', '--reason', '   '], '--reason is missing'],
    [['resume'], '--incident is missing'],
  ])('%j is refused, with what to write', async (argv, message) => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      const { exitCode, stderr } = await cli([...argv, ...ledger], { cwd });
      expect(exitCode).toBe(1);
      expect(stderr).toContain(message);
    });
  });

  it.each([
    [['approve', 'app']],
    [['exempt', 'app', '--for', '2h', '--reason', 'x']],
    [['exempt', 'app', '--end']],
    [['pause', '--reason', 'x']],
    [['unpause']],
    [['resume', '--incident', '111122223333/app/0']],
    [['history']],
    [['rollback', '111122223333/app/0', '--apply']],
    [['recreate', 'app', '--incident', '111122223333/app/0']],
  ])('%j refuses a ledger that is not there, and makes none', async (argv) => {
    await inFolder({}, async (cwd) => {
      expect(await cli([...argv, '--ledger', 'mistyped.json'], { cwd })).toEqual({
        exitCode: 1,
        stdout: '',
        stderr:
          'error: mistyped.json: cannot be read: there is no such file. ' +
          'Name the file that "iam-drift replay --ledger" has written\n',
      });
      expect(await readdir(cwd)).toEqual([]);
    });
  });

  it('take the role’s ARN as well as its name', async () => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      const said = ['--for', '2h', '--reason', 'outage 17', ...ledger];
      const exempted = await cli(['exempt', arn(ACCOUNT_ID), ...said], { cwd });
      expect(exempted).toMatchObject({ exitCode: 0, stderr: '' });
      expect(exempted.stdout).toMatch(/^✓ app is left as it is until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n$/);
      expect(outcomes((await replay(cwd, 'second.json', '--json')).stdout)[0]).toBe('held');
      expect((await cli(['history', arn(ACCOUNT_ID), ...ledger], { cwd })).stdout).toContain('  app  ');
      expect((await cli(['approve', arn(ACCOUNT_ID), ...ledger], { cwd })).stderr).toContain(
        'nothing to approve: app was seen',
      );
    });
  });

  it.each([
    [arn('444455556666'), `is in account 444455556666; the file has ${ACCOUNT_ID}`],
    ['arn:aws:sts::111122223333:assumed-role/app/session', 'is the ARN of no role: write the role’s name'],
    ['arn:aws:iam::111122223333:user/app', 'is the ARN of no role'],
    ['web/app', 'is no role’s name, which has no path: write app'],
    ['my app', 'is no role’s name: names have letters, digits and + = , . @ _ - only'],
    ['x'.repeat(65), 'it has 65 characters, and names have at most 64'],
  ])('refuse %s, with what to write', async (role, message) => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      for (const argv of [
        ['exempt', role, '--for', '2h', '--reason', 'x'],
        ['approve', role],
        ['history', role],
      ]) {
        const { exitCode, stdout, stderr } = await cli([...argv, ...ledger], { cwd });
        expect([exitCode, stdout]).toEqual([1, '']);
        expect(stderr).toContain(message.replaceAll('’', "'"));
      }
    });
  });

  it('refuse an ARN of another account than --account', async () => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      const argv = ['history', arn('444455556666'), '--account', ACCOUNT_ID, ...ledger];
      expect((await cli(argv, { cwd })).stderr).toBe(
        `error: app is in account 444455556666 by its ARN, and --account is ${ACCOUNT_ID}\n`,
      );
    });
  });

  it('history only reads the ledger', async () => {
    await inFolder(files, async (cwd) => {
      await replay(cwd, 'first.json');
      const file = path.join(cwd, 'ledger.json');
      const before = await stat(file);
      await cli(['history', ...ledger], { cwd });
      expect((await stat(file)).ino).toBe(before.ino);
    });
  });
});

describe('holds in a replay', () => {
  it('a fight: four reports of five events, one of them told as the fight', async () => {
    const terraform = sessionOf('terraform', 'ci-42');
    const events = ['00', '10', '20', '30', '40'].map((second) =>
      attach('SecurityAudit', { ...terraform, ...at(`10:00:${second}`) }),
    );
    await inFolder({ ...files, 'events.json': JSON.stringify(events) }, async (cwd) => {
      const json = await replay(cwd, 'events.json', '--json');
      // A later look puts the role back.
      expect(outcomes(json.stdout)).toEqual([
        'remediated',
        'remediated',
        'remediated',
        'held',
        'held',
        'remediated',
      ]);
      expect(json.exitCode).toBe(0);
      const slack = await cli(
        ['replay', 'events.json', '--spec', 'roles.yaml', '--show', 'slack', '--json'],
        { cwd },
      );
      expect(jsonLines(slack.stdout)).toHaveLength(4);
    });
  });
});

const parts = {
  accountId: ACCOUNT_ID,
  partition: 'aws',
  ledgerTable: 'ledger',
  controlsTable: 'controls',
  longestExemptionHours: 2,
  reportsQueueUrl: 'http://127.0.0.1:1/reports',
  resyncQueueUrl: 'http://127.0.0.1:1/resyncs',
};

describe('what operators say to a deployed installation', () => {
  it('finds its parts by itself, tells people what was said, and has the role or all drifted roles looked at soon', async () => {
    const table = await ledgerTable();
    const sqs = await jsonService(() => ({ Successful: [] }));
    const reports = await jsonService(({ input }) => ({ MD5OfMessageBody: md5Of(bodyIn(input)) }));
    const installation = {
      ...parts,
      ledgerTable: table.tableName,
      reportsQueueUrl: `${reports.endpoint}/${ACCOUNT_ID}/reports`,
      resyncQueueUrl: `${sqs.endpoint}/${ACCOUNT_ID}/resyncs`,
    };
    const ssm = await jsonService(() => ({ Parameter: { Value: JSON.stringify(installation) } }));
    const sts = await stsService(`arn:aws:sts::${ACCOUNT_ID}:assumed-role/${ownRoleNames.operator}/ann-7`);
    const whose = `(assumed-role/${ownRoleNames.operator}/ann-7)`;
    onTestFinished(() => {
      sts.close();
      table.close();
      ssm.close();
      sqs.close();
      reports.close();
      vi.unstubAllEnvs();
    });
    const role = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };
    const states = dynamoDbRoleStates({ ...table, clock: testClock() });
    await states.put({ ...unknownRole(role), roleId: 'AROA1', strangerId: 'AROA2' });
    const env = {
      USER: 'ann',
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
      AWS_ENDPOINT_URL_SSM: ssm.endpoint,
      AWS_ENDPOINT_URL_STS: sts.endpoint,
    };
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'example');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    expect(await cli(['approve', 'app'], { env })).toMatchObject({ exitCode: 0, stderr: '' });
    const controls = dynamoDbControls({ client: table.client, tableName: 'controls' });
    expect(await controls.of(role)).toMatchObject({ approval: { roleId: 'AROA2', by: `ann ${whose}` } });
    expect(requestsIn(sqs)).toEqual([[{ role, trigger: 'operator', causes: [], recheck: 0 }]]);
    expect((await cli(['history'], { env })).stderr).toContain('holds no incident');

    expect(await cli(['unpause'], { env })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(requestsIn(sqs)).toHaveLength(1);
    const now = new Date();
    const current = dynamoDbRoleStates({ ...table, clock: testClock(now.toISOString()) });
    for (const roleName of ['app', 'web'])
      await current.mark({
        role: { ...role, roleName },
        since: now.toISOString(),
        spec: 'sha256:0',
        isSuspect: false,
        doorClosedAt: null,
        plan: [],
        isHeld: true,
        isStranger: false,
      });
    await cli(['unpause'], { env });
    expect(requestsIn(sqs)[1]?.map((request) => request.role.roleName)).toEqual(['app', 'web']);
    await cli(['exempt', 'web', '--for', '2h', '--reason', 'outage 17'], { env });
    expect(requestsIn(sqs)).toHaveLength(2);
    expect((await cli(['exempt', 'web', '--for', '3h', '--reason', 'x'], { env })).stderr).toContain(
      '2h at most',
    );
    await cli(['exempt', 'web', '--end'], { env });
    await cli(['pause', '--reason', 'migration', '--by', 'bob'], { env });
    const elsewhere = 'arn:aws:iam::444455556666:role/web';
    expect((await cli(['exempt', elsewhere, '--for', '2h', '--reason', 'x'], { env })).stderr).toContain(
      `web is in account 444455556666 by its ARN, and the account of this installation is ${ACCOUNT_ID}`,
    );
    expect(announcementsIn(reports)).toMatchObject([
      { did: 'approve', roleName: 'app', by: `ann ${whose}` },
      { did: 'unpause', roleName: null, by: `ann ${whose}` },
      { did: 'unpause' },
      { did: 'exempt', roleName: 'web', by: `ann ${whose}`, reason: 'outage 17' },
      { did: 'endExemption', roleName: 'web' },
      { did: 'pause', accountId: ACCOUNT_ID, roleName: null, reason: `bob ${whose}: migration` },
    ]);
    expect(requestsIn(sqs)[2]?.map((request) => request.role.roleName)).toEqual(['web']);
  });

  it.each([[['exempt', 'app', '--for', '2h', '--reason', 'x']], [['pause', '--reason', 'x']], [['unpause']]])(
    '%j writes nothing under a name that nothing proves',
    async (argv) => {
      const table = await ledgerTable();
      const written: string[] = [];
      const ssm = await jsonService(({ target }) => {
        written.push(target);
        return { Parameter: { Value: JSON.stringify({ ...parts, ledgerTable: table.tableName }) } };
      });
      const sts = await stsService(null);
      onTestFinished(() => {
        table.close();
        ssm.close();
        sts.close();
        vi.unstubAllEnvs();
      });
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'example');
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
      const env = {
        AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
        AWS_ENDPOINT_URL_SSM: ssm.endpoint,
        AWS_ENDPOINT_URL_STS: sts.endpoint,
      };
      const { exitCode, stderr } = await cli(argv, { env });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/error: nothing is done: STS does not say whose credentials these are: /);
      expect(written).toEqual(['AmazonSSM.GetParameter']);
      const controls = dynamoDbControls({ client: table.client, tableName: 'controls' });
      const role = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };
      expect(await controls.of(role)).toMatchObject({ exemption: null });
    },
  );

  it('says in which role to speak to it, if AWS does not let others', async () => {
    const denied = Object.assign(new Error('not authorized to perform: dynamodb:PutItem'), {
      name: 'AccessDeniedException',
    });
    const dynamoDb = await jsonService(() => denied);
    const ssm = await jsonService(() => ({ Parameter: { Value: JSON.stringify(parts) } }));
    onTestFinished(() => {
      dynamoDb.close();
      ssm.close();
      vi.unstubAllEnvs();
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'example');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    const env = { AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint, AWS_ENDPOINT_URL_SSM: ssm.endpoint };
    const { exitCode, stderr } = await cli(['exempt', 'app', '--for', '2h', '--reason', 'x'], { env });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: not authorized to perform: dynamodb:PutItem: .* IamDriftRemediatorOperator/,
    );
  });

  it('says where it looked, if there is none', async () => {
    const missing = Object.assign(new Error(''), { name: 'ParameterNotFound' });
    const ssm = await jsonService(() => missing);
    onTestFinished(() => ssm.close());
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    onTestFinished(() => void vi.unstubAllEnvs());
    const env = { AWS_ENDPOINT_URL_SSM: ssm.endpoint, AWS_REGION: 'eu-west-1' };
    const { exitCode, stderr } = await cli(['history'], { env });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: there is no installation in eu-west-1, .* AWS_REGION, .* --ledger\n$/);
  });
});

describe('an installation of another version', () => {
  it('is told in words, with what to do', async () => {
    const ssm = await jsonService(() => ({ Parameter: { Value: '{"accountId":"111122223333"}' } }));
    onTestFinished(() => ssm.close());
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'example');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { exitCode, stderr } = await cli(['history'], { env: { AWS_ENDPOINT_URL_SSM: ssm.endpoint } });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: the parameter \/iam-drift\/installation .* at partition: .*: use the version that is deployed, or deploy this one\n$/,
    );
  });
});

function announcementsIn({ calls }: JsonService) {
  return calls.map(({ input }) => announcementIn(JSON.parse(bodyIn(input))));
}

function bodyIn(input: unknown): string {
  return z.parse(z.object({ MessageBody: z.string() }), input).MessageBody;
}

/** The SDK checks that SQS has understood it. */
function md5Of(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

const batch = z.object({ Entries: z.array(z.object({ MessageBody: z.string(), DelaySeconds: z.number() })) });

/** What was asked of the queue, batch by batch; each with a delay, so that the kill switch is read anew. */
function requestsIn({ calls }: JsonService) {
  return calls.map(({ input }) =>
    z.parse(batch, input).Entries.flatMap(({ MessageBody, DelaySeconds }) => {
      expect(DelaySeconds).toBe(15);
      return recheckRequest(JSON.parse(MessageBody)) ?? [];
    }),
  );
}
