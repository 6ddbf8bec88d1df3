import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { functionNames, ownRoleNames } from '../../infra/names.ts';
import { affectedRoles } from '../../shared/cloudtrail/affected-roles.ts';
import { parseIamEvent } from '../../shared/cloudtrail/parse-event.ts';
import { readEvents } from '../../shared/cloudtrail/read-events.ts';
import { presets } from '../../shared/presets/index.ts';
import { formatFault, loadSpec } from '../../shared/spec/load-spec.ts';

const folder = fileURLToPath(new URL('../../events/', import.meta.url));
const scenesIn = (below: string) =>
  readdirSync(folder + below)
    .filter((name) => name.endsWith('.json'))
    .map((name) => below + name);
const told = scenesIn('');
const held = scenesIn('held/');

function deliveryIn(file: string): unknown {
  const { records, faults } = readEvents(readFileSync(folder + file), file);
  expect(faults).toEqual([]);
  expect(records).toHaveLength(1);
  return records[0];
}

const changes = [...told, ...held].flatMap((file) => {
  const parsed = parseIamEvent(deliveryIn(file));
  return parsed.kind === 'change' ? [parsed.event] : [];
});

describe('events/', () => {
  it.each([...told, ...held])('%s is one delivery as EventBridge makes it', (file) => {
    const delivery = deliveryIn(file);
    const [, service] =
      /"eventSource": "(iam|eks)\.amazonaws\.com"/u.exec(readFileSync(folder + file, 'utf8')) ?? [];
    expect(delivery).toMatchObject({
      version: '0',
      'detail-type': 'AWS API Call via CloudTrail',
      source: `aws.${service}`,
      account: '111122223333',
      region: 'us-east-1',
      detail: { recipientAccountId: '111122223333', managementEvent: true },
    });
    expect(() => parseIamEvent(delivery)).not.toThrow();
  });

  it.each([[told], [held]])('is told in order of time, within one hour', (files) => {
    const times = files.map(
      (file) => /"eventTime": "([^"]+)"/u.exec(readFileSync(folder + file, 'utf8'))?.[1],
    );
    expect(times).toEqual(times.toSorted((one, other) => ((one ?? '') < (other ?? '') ? -1 : 1)));
    expect(new Set(times.map((time) => time?.slice(0, 13)))).toEqual(new Set(['2026-03-03T09']));
  });

  it('gives every event an id of its own', () => {
    expect(new Set(changes.map(({ eventId }) => eventId)).size).toBe(changes.length);
  });

  it('is listed in the README, file by file, and nothing else is', () => {
    const rows = readFileSync(`${folder}README.md`, 'utf8').matchAll(/^\| `([^`]+\.json)` \|/gmu);
    expect(Array.from(rows, ([, file]) => file)).toEqual([...told, ...held]);
  });

  it('shows each kind of caller and each change of attachments, trust and life', () => {
    expect(new Set(changes.map(({ actor }) => actor.type))).toEqual(
      new Set(['IAMUser', 'AssumedRole', 'Root', 'AWSAccount']),
    );
    expect(changes.map(({ eventName }) => eventName)).toEqual(
      expect.arrayContaining([
        'AttachRolePolicy',
        'CreateRole',
        'DeleteRole',
        'DetachRolePolicy',
        'UpdateAssumeRolePolicy',
      ]),
    );
  });

  it('calls us by our own names', () => {
    const own = readFileSync(`${folder}03-own-revert-comes-back.json`, 'utf8');
    const event = parseIamEvent(JSON.parse(own));
    const session = `${ownRoleNames.remediate}/${functionNames.remediate}`;
    expect(event).toMatchObject({
      event: {
        actor: {
          arn: `arn:aws:sts::111122223333:assumed-role/${session}`,
          issuerArn: `arn:aws:iam::111122223333:role/${ownRoleNames.remediate}`,
        },
      },
    });
  });

  it('uses example accounts and addresses only', () => {
    const text = [...told, ...held].map((file) => readFileSync(folder + file, 'utf8')).join('\n');
    const accounts = new Set(text.match(/(?<=:|")\d{12}(?=:|")/gu));
    expect(accounts).toEqual(new Set(['111122223333', '444455556666', '777788889999']));
    for (const [, address] of text.matchAll(/"sourceIPAddress": "(\d[^"]+)"/gu))
      expect(address).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/u);
  });
});

describe('events/roles.yaml', () => {
  const text = readFileSync(`${folder}roles.yaml`, 'utf8');
  const { spec, faults } = loadSpec(text, 'events/roles.yaml');

  it('is a valid spec', () => {
    expect(faults.map(formatFault)).toEqual([]);
  });

  it.each([
    'eks-fargate-pod-execution',
    'eks-node',
    'eks-node-restricted',
    'eks-pod-identity',
    'eks-vpc-cni',
    'ecs-task-execution',
  ])('declares a role with the preset %s', (name) => {
    expect(presets.map((preset) => preset.name)).toContain(name);
    expect(text).toMatch(new RegExp(`preset:\\s+(name: )?${name}\\s`, 'u'));
  });

  it('declares no role that the events leave alone', () => {
    const roles = spec?.roles ?? [];
    const looks = changes.flatMap((event) => affectedRoles(event, { version: '', file: '', roles }));
    const roleNames = looks.map(({ role }) => role.roleName.toLowerCase());
    for (const { name } of roles) {
      const part = name.replaceAll('*', '').toLowerCase();
      expect(roleNames.some((roleName) => roleName.includes(part))).toBe(true);
    }
  });
});
