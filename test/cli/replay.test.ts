import { gzipSync } from 'node:zlib';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { cli, inFolder, jsonLines, root } from './run-cli.ts';

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const ec2Trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const backdoor = {
  ...ec2Trust,
  Statement: [
    ...ec2Trust.Statement,
    { Effect: 'Allow', Principal: { AWS: '193672423079' }, Action: 'sts:AssumeRole' },
  ],
};

const spec = (mode: string) => `version: 1
defaults: { mode: ${mode} }
roles:
  - name: app
    trustPolicy: ${JSON.stringify(ec2Trust)}
    managedPolicies: { attached: [], forbidden: ["${administrator}"] }
  - name: "node-*"
    preset: eks-node
`;

interface RecordOptions {
  readonly time?: string;
  readonly account?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

const record = (eventName: string, requestParameters: object, options: RecordOptions = {}) => ({
  eventVersion: '1.08',
  userIdentity: {
    type: 'IAMUser',
    arn: 'arn:aws:iam::111122223333:user/mallory',
    accountId: '111122223333',
    userName: 'mallory',
  },
  eventTime: `2026-03-03T${options.time ?? '10:00:00'}Z`,
  eventSource: 'iam.amazonaws.com',
  eventName,
  awsRegion: 'us-east-1',
  sourceIPAddress: '203.0.113.9',
  userAgent: 'aws-cli/2.31.9',
  requestParameters,
  responseElements: null,
  eventID: `${eventName}-${options.time ?? ''}-${JSON.stringify(requestParameters).length}`,
  readOnly: false,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: options.account ?? '111122223333',
  ...options.more,
});

const attach = (roleName: string, options?: RecordOptions) =>
  record('AttachRolePolicy', { roleName, policyArn: administrator }, options);
const trust = (document: object, options?: RecordOptions) =>
  record('UpdateAssumeRolePolicy', { roleName: 'app', policyDocument: JSON.stringify(document) }, options);

const jsonLine = (value: unknown) => `${JSON.stringify(value)}\n`;

const reportSchema = z.object({
  id: z.string(),
  outcome: z.string(),
  mode: z.string(),
  verified: z.nullable(z.boolean()),
  eventToFixMs: z.nullable(z.number()),
  role: z.object({ accountId: z.string(), roleName: z.string() }),
  causes: z.array(z.object({ eventName: z.string(), eventTime: z.string() })),
});

async function replayed(
  events: unknown,
  argv: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
) {
  const all = { 'infra/spec/roles.yaml': spec('enforce'), 'events.json': JSON.stringify(events), ...files };
  return inFolder(all, async (cwd) => {
    const result = await cli(['replay', 'events.json', '--json', ...argv], { cwd });
    const reports = jsonLines(result.stdout).map((line) => z.parse(reportSchema, line));
    return { ...result, reports, outcomes: reports.map(({ outcome }) => outcome) };
  });
}

const judgement = z.object({
  outcome: z.string(),
  severity: z.string(),
  role: z.object({ roleName: z.string() }),
});

/** The scenes in events/, as one array. */
async function demoEvents(): Promise<string> {
  const folder = path.join(root, 'events');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(names.map(async (name) => readFile(path.join(folder, name), 'utf8')));
  return `[${texts.join(',')}]`;
}

describe('replay', () => {
  it('undoes what happened, in the order of time whatever the order of input', async () => {
    const { exitCode, reports } = await replayed([
      trust(ec2Trust, { time: '10:05:00' }),
      attach('app', { time: '10:00:00' }),
      trust(backdoor, { time: '10:00:01' }),
    ]);
    expect(exitCode).toBe(0);
    expect(reports).toMatchObject([
      { outcome: 'remediated', verified: true, causes: [{ eventTime: '2026-03-03T10:00:00Z' }] },
      { outcome: 'remediated', verified: true, causes: [{ eventTime: '2026-03-03T10:00:01Z' }] },
      { outcome: 'in-sync', verified: null, causes: [{ eventTime: '2026-03-03T10:05:00Z' }] },
    ]);
  });

  it('lets a change that is told twice happen once, as in the real account', async () => {
    const twice = [attach('app'), { source: 'aws.iam', detail: attach('app') }];
    expect((await replayed(twice)).outcomes).toEqual(['remediated', 'in-sync']);
  });

  it('takes a file that runs newest first, as AWS lists events, in the order in which it happened', async () => {
    const events = [
      trust(ec2Trust, { time: '10:05:00' }),
      trust(backdoor, { time: '10:00:00' }),
      trust(ec2Trust, { time: '10:00:00' }),
    ];
    expect((await replayed(events)).outcomes).toEqual(['in-sync', 'remediated', 'in-sync']);
  });

  it('has a role created before anything happens to it in the same second', async () => {
    const assumeRolePolicyDocument = JSON.stringify(backdoor);
    const created = record('CreateRole', { roleName: 'app', path: '/', assumeRolePolicyDocument });
    const { reports } = await replayed([attach('APP'), created]);
    expect(reports.map(({ causes }) => causes[0]?.eventName)).toEqual(['CreateRole', 'AttachRolePolicy']);
    const deleted = record('DeleteRole', { roleName: 'app' });
    const replaced = await replayed([attach('app', { time: '09:00:00' }), deleted, created]);
    expect(replaced.reports.map(({ causes }) => causes[0]?.eventName)).toEqual([
      'AttachRolePolicy',
      'DeleteRole',
      'CreateRole',
    ]);
  });

  it('keeps to the time of the events', async () => {
    const { reports } = await replayed([attach('app')]);
    expect(reports[0]?.eventToFixMs).toBeGreaterThanOrEqual(0);
    expect(reports[0]?.eventToFixMs).toBeLessThan(60_000);
  });

  it('reads every form of events, folders and stdin', async () => {
    const files = {
      'roles.yaml': spec('enforce'),
      'logs/a.json.gz': gzipSync(JSON.stringify({ Records: [attach('app', { time: '10:00:00' })] })),
      'logs/deep/b.ndjson':
        jsonLine(attach('app', { time: '10:20:00' })) + jsonLine(attach('app', { time: '10:40:00' })),
      'logs/notes.txt': 'not read',
      'log.txt': jsonLine({
        source: 'aws.iam',
        account: '111122223333',
        detail: attach('app', { time: '11:00:00' }),
      }),
    };
    await inFolder(files, async (cwd) => {
      const { exitCode, stdout } = await cli(
        ['replay', 'logs', 'log.txt', '-', '--spec', 'roles.yaml', '--json'],
        {
          cwd,
          stdin: jsonLine([attach('app', { time: '11:20:00' })]),
        },
      );
      expect(exitCode).toBe(0);
      const times = jsonLines(stdout).map((report) =>
        z.parse(reportSchema, report).causes[0]?.eventTime.slice(11, 19),
      );
      expect(times).toEqual(['10:00:00', '10:20:00', '10:40:00', '11:00:00', '11:20:00']);
    });
  });

  it('without a path plays the scenes directly in events/, else those that came with it', async () => {
    const files = {
      'events/roles.yaml': spec('enforce'),
      'events/a.json': JSON.stringify(attach('app')),
      'events/held/b.json': JSON.stringify(attach('app')),
    };
    await inFolder(files, async (cwd) => {
      expect(jsonLines((await cli(['replay', '--json'], { cwd })).stdout)).toHaveLength(1);
    });
    await inFolder({}, async (cwd) => {
      const { exitCode, stderr } = await cli(['replay', '--json'], { cwd });
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/ remediated/);
    });
  });

  it('tells a file that it cannot read on stderr, goes on with the others, and fails', async () => {
    await inFolder(
      {
        'roles.yaml': spec('enforce'),
        'bad.json': '{"eventName":',
        'good.json': JSON.stringify(attach('app')),
      },
      async (cwd) => {
        const argv = ['replay', 'nowhere', 'bad.json', 'good.json', '--spec', 'roles.yaml', '--json'];
        const { exitCode, stdout, stderr } = await cli(argv, { cwd });
        expect(exitCode).toBe(1);
        expect(jsonLines(stdout)).toHaveLength(1);
        expect(stderr).toMatch(/^! nowhere: cannot be read: there is no such file$/m);
        expect(stderr).toMatch(/^! bad\.json: /m);
      },
    );
  });

  it('counts what is no IAM change, and reports undeclared roles only when asked', async () => {
    const events = [
      attach('somebody-elses'),
      attach('app', { more: { errorCode: 'AccessDenied' } }),
      record('ListRoles', {}, { more: { readOnly: true } }),
    ];
    const silent = await replayed(events);
    expect(silent).toMatchObject({ exitCode: 0, stdout: '' });
    expect(silent.stderr).toContain('1 event on no declared role · 2 records no IAM change');
    expect((await replayed(events, ['--all'])).outcomes).toEqual(['not-checked']);
  });

  it('says which events the deployed rules would not have delivered, as far as they concern declared roles', async () => {
    const { stderr, outcomes } = await replayed([
      record('OperationOfTomorrow', { roleName: 'app' }),
      record('OperationOfTomorrow', { roleName: 'app' }),
      record('OperationOfTomorrow', { roleName: 'somebody-elses' }),
      attach('app'),
    ]);
    expect(outcomes).toEqual(['in-sync', 'in-sync', 'remediated']);
    expect(stderr).toContain('would not have delivered OperationOfTomorrow (2 events here)');
    expect(stderr).not.toContain('delivered AttachRolePolicy');
  });

  it('exits 2 where drift is left in place', async () => {
    const detect = await replayed([attach('app')], [], { 'infra/spec/roles.yaml': spec('detect') });
    expect(detect).toMatchObject({ exitCode: 2, outcomes: ['detected'] });
    expect(await replayed([attach('app')], ['--mode', 'detect'])).toMatchObject({
      exitCode: 2,
      outcomes: ['detected'],
    });
    const enforced = await replayed([attach('app')], ['--mode', 'enforce'], {
      'infra/spec/roles.yaml': spec('detect'),
    });
    expect(enforced).toMatchObject({ exitCode: 0, outcomes: ['remediated'] });
  });

  it('gives each account an account of its own, and each role of a pattern its start', async () => {
    const worker = 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy';
    const detach = (roleName: string, account: string) =>
      record('DetachRolePolicy', { roleName, policyArn: worker }, { account });
    const { reports } = await replayed([
      detach('node-a', '111122223333'),
      detach('NODE-B', '111122223333'),
      detach('node-a', '444455556666'),
    ]);
    expect(reports).toMatchObject([
      { outcome: 'remediated', role: { accountId: '111122223333', roleName: 'node-a' } },
      { outcome: 'remediated', role: { accountId: '111122223333', roleName: 'NODE-B' } },
      { outcome: 'remediated', role: { accountId: '444455556666', roleName: 'node-a' } },
    ]);
  });

  it('plays an account of thirteen digits, as AWS’s own samples have them, like any other', async () => {
    const samples = await demoEvents();
    const outcomesIn = async (account: string) => {
      const stdin = samples.replaceAll('111122223333', account);
      const argv = ['replay', '-', '--spec', 'events/roles.yaml', '--json'];
      const { stdout, stderr } = await cli(argv, { stdin });
      const shown = jsonLines(stdout).map((line) => z.parse(judgement, line));
      return { shown, stderr: stderr.split('\n').filter((line) => !line.includes(' events, ')) };
    };
    expect(await outcomesIn('1111222233334')).toEqual(await outcomesIn('111122223333'));
  });

  it('believes a record that a role was created: it was not there before', async () => {
    const created = record('CreateRole', {
      roleName: 'app',
      path: '/',
      assumeRolePolicyDocument: JSON.stringify(backdoor),
    });
    expect((await replayed([created])).outcomes).toEqual(['remediated']);
  });

  it('takes a created role as declared where its creation cannot be simulated', async () => {
    const assumeRolePolicyDocument = '{"Version":"2012-10-17","Statement":[]}';
    const created = record('CreateRole', { roleName: 'app', path: '/', assumeRolePolicyDocument });
    expect((await replayed([created])).outcomes).toEqual(['in-sync']);
  });

  it('tells drift once, though a delayed second look at an earlier event sees it as well', async () => {
    const events = [trust(ec2Trust, { time: '10:00:00' }), attach('app', { time: '10:00:05' })];
    expect((await replayed(events, ['--mode', 'detect'])).outcomes).toEqual(['in-sync', 'detected']);
  });

  it('starts from an account that was saved', async () => {
    const details = {
      RoleDetailList: [
        {
          Path: '/',
          RoleName: 'app',
          RoleId: 'AROAEXAMPLEEXAMPLE123',
          Arn: 'arn:aws:iam::111122223333:role/app',
          CreateDate: '2026-01-01T00:00:00+00:00',
          AssumeRolePolicyDocument: backdoor,
          InstanceProfileList: [],
          RolePolicyList: [],
          AttachedManagedPolicies: [],
          Tags: [],
        },
      ],
      UserDetailList: [],
      GroupDetailList: [],
      Policies: [],
    };
    const files = { 'account.json': JSON.stringify(details) };
    const tag = record('TagRole', { roleName: 'app', tags: [{ key: 'a', value: 'b' }] });
    expect((await replayed([tag], ['--account', 'account.json'], files)).outcomes).toEqual(['remediated']);
    expect((await replayed([tag])).outcomes).toEqual(['in-sync']);
    const elsewhere = record('TagRole', { roleName: 'app' }, { account: '444455556666' });
    const { stderr } = await replayed([elsewhere], ['--account', 'account.json'], files);
    expect(stderr).toContain('no event happened in account 111122223333');
    expect(await replayed([tag], ['--account', 'events.json'])).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('keeps the ledger between runs', async () => {
    const files = {
      'roles.yaml': spec('enforce'),
      'a.json': JSON.stringify(attach('app')),
      'b.json': JSON.stringify(trust(backdoor)),
    };
    await inFolder(files, async (cwd) => {
      const run = (file: string) =>
        cli(['replay', file, '--spec', 'roles.yaml', '--ledger', 'ledger.json'], { cwd });
      expect((await run('a.json')).exitCode).toBe(0);
      expect((await run('b.json')).exitCode).toBe(0);
      const ledger: unknown = JSON.parse(await readFile(path.join(cwd, 'ledger.json'), 'utf8'));
      expect(ledger).toMatchObject({
        incidents: [{ report: { outcome: 'remediated' } }, { report: { outcome: 'remediated' } }],
        roleStates: { states: [{ role: { roleName: 'app' } }] },
      });
      const broken = await cli(['replay', 'a.json', '--spec', 'roles.yaml', '--ledger', 'roles.yaml'], {
        cwd,
      });
      expect(broken.stderr).toContain('roles.yaml: is no ledger');
    });
  });

  it('shows what a channel would get, and nothing for quiet news', async () => {
    await inFolder(
      { 'roles.yaml': spec('enforce'), 'a.json': JSON.stringify([attach('app'), trust(ec2Trust)]) },
      async (cwd) => {
        const argv = ['replay', 'a.json', '--spec', 'roles.yaml', '--show'];
        const slack = jsonLines((await cli([...argv, 'slack', '--json'], { cwd })).stdout);
        const bodies = z.array(z.object({ text: z.string(), blocks: z.array(z.unknown()) }));
        expect(z.parse(bodies, slack)).toHaveLength(1);
        expect(jsonLines((await cli([...argv, 'json', '--json'], { cwd })).stdout)).toHaveLength(1);
        expect((await cli([...argv, 'email'], { cwd })).stdout).toMatch(/app/);
        expect((await cli([...argv, 'pigeon'], { cwd })).stderr).toContain(
          '--show is one of slack, email, json',
        );
      },
    );
  });

  it('refuses a spec with faults and flags that contradict each other', async () => {
    const bad = await replayed([], [], { 'infra/spec/roles.yaml': 'version: 1\nroles: 7\n' });
    expect(bad).toMatchObject({ exitCode: 1, stdout: '' });
    expect(bad.stderr).toMatch(/^infra\/spec\/roles\.yaml:2:\d+ /);
    expect((await replayed([], ['--apply'])).stderr).toContain('--apply is only for --live');
    expect((await replayed([], ['--live', '--mode', 'enforce'])).stderr).toContain('without --apply');
    expect((await replayed([], ['--mode', 'yolo'])).stderr).toContain(
      '--mode is enforce or detect, not "yolo"',
    );
  });
});

/** The replay of events with the enforcing spec, for people. */
const told = async (events: unknown, argv: readonly string[] = [], columns = 100, colour = false) =>
  inFolder({ 'roles.yaml': spec('enforce'), 'a.json': JSON.stringify(events) }, (cwd) =>
    cli(['replay', 'a.json', '--spec', 'roles.yaml', ...argv], { cwd, columns, colour }),
  );

describe('what a person reads of a replay', () => {
  it('says who did what, what access that gave, what was done, and that it was read again', async () => {
    const { stdout } = await told([trust(backdoor), trust(ec2Trust, { time: '10:05:00' })]);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('10:00:00 IAM user mallory replaced the trust policy of app critical');
    expect(text).toContain('from 203.0.113.9, client "aws-cli/2.31.9"');
    expect(text).toContain('+ account 193672423079 can now assume this role');
    expect(text).toContain('✓ put the declared trust policy back');
    expect(text).toMatch(/✓ a second read found the role as declared, \d+ ms after the event/);
    expect(text).toContain('10:05:00 IAM user mallory replaced the trust policy of app: still as declared');
    expect(text).toMatch(/2 events, 1 declared role: 1 remediated, 1 in sync $/);
  });

  it('keeps to the width of the terminal', async () => {
    const { stdout } = await told([trust(backdoor), attach('app')], [], 60);
    for (const line of stdout.split('\n').filter((text) => !/^ *iam-drift /.test(text)))
      expect(line.length).toBeLessThanOrEqual(60);
  });

  it('leaves commands whole, however narrow the terminal: they are pasted', async () => {
    for (const columns of [60, 80, 100, 120]) {
      const { stdout } = await told([trust(backdoor)], [], columns);
      expect(stdout).toMatch(
        /iam-drift revoke-sessions app --before 2026-03-03T10:00:0\dZ\n[^]*iam-drift exempt app --for 2h --reason "…"\n/,
      );
    }
  });

  it('says why drift is left in place', async () => {
    const { stdout } = await told([trust(backdoor)], ['--mode', 'detect']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      '◦ would put the declared trust policy back, but this aspect is in detect mode: drift is only told →',
    );
  });

  it('shows what is left as it is once; of events that change nothing of it a line each', async () => {
    const events = [
      trust(backdoor),
      trust(backdoor, { time: '10:01:00' }),
      record('TagRole', { roleName: 'app', tags: [] }, { time: '10:02:00' }),
      attach('app', { time: '10:03:00' }),
    ];
    const { stdout } = await told(events, ['--mode', 'detect'], 120);
    expect(stdout.match(/^10:.*$/gm)).toEqual([
      '10:00:00  IAM user mallory replaced the trust policy of app  critical',
      '10:01:00  IAM user mallory replaced the trust policy of app: still left as it is',
      '10:02:00  IAM user mallory tagged app: still left as it is',
      '10:03:00  IAM user mallory attached a managed policy to app  critical',
    ]);
    expect(stdout).toMatch(/4 events, 1 declared role: 4 detected/);
  });

  it('shows hostile names without obeying them', async () => {
    const hostile = '\u001B[2J\u001B]0;owned\u0007\u202Enimda\n✓ all is well';
    const event = trust(backdoor, {
      more: {
        userAgent: hostile,
        sourceIPAddress: hostile,
        userIdentity: { type: 'IAMUser', userName: hostile, arn: hostile, accountId: hostile },
      },
    });
    const { stdout, stderr } = await told([event]);
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(stdout).not.toMatch(/^\s*✓ all is well/m);
  });
});
