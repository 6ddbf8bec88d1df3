import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { catalogue } from './chain/catalogue.ts';
import { detach, putTrust, roleNow } from './chain/iam-changes.ts';
import { install, type Installation } from './chain/installation.ts';
import { respelled, STRANGER, withBackdoor } from './chain/trust-documents.ts';
import { ACCOUNT_ID } from './moto/account.ts';

let installation: Installation;

beforeAll(async () => {
  installation = await install();
});

afterAll(() => installation.stop());

describe.each(catalogue)('preset $preset', ({ roleName, trustPolicy, required }) => {
  const declared = { trustPolicy, attached: [...required].sort() };
  const incidents = () => installation.ledger.list({ accountId: ACCOUNT_ID, roleName });

  // A dozen roles that drift within minutes would be held, and rightly: an operator says that all is well.
  beforeAll(() => installation.resume());

  it('starts as it is declared', async () => {
    expect(await roleNow(installation.aws.iam, roleName)).toEqual(declared);
  });

  it('a stranger’s account in the trust policy: rule, queue, function, IAM, ledger, report, topic, subscriber', async () => {
    const backdoored = withBackdoor(trustPolicy);
    const eventId = await installation.happen(putTrust(roleName, backdoored));
    const { bodies, failed } = await installation.carry('changes');
    expect(bodies.map((body) => body.includes(eventId))).toEqual([true]);
    expect(failed).toEqual([]);
    expect(await roleNow(installation.aws.iam, roleName)).toEqual(declared);
    expect(await incidents()).toMatchObject([
      {
        before: { trustPolicy: backdoored },
        causes: [{ eventId }],
        report: { outcome: 'remediated', verified: true },
      },
    ]);
    expect((await installation.carry('reports')).failed).toEqual([]);
    const mail = await installation.subscriber.readMail();
    expect(mail).toHaveLength(1);
    expect(mail[0]?.subject).toContain(roleName);
    expect(mail[0]?.text).toContain(STRANGER);
  });

  it.each(required)('%s detached: attached again, and told', async (policyArn) => {
    const eventId = await installation.happen(detach(roleName, policyArn));
    await installation.carry('changes');
    expect(await roleNow(installation.aws.iam, roleName)).toEqual(declared);
    expect((await incidents())[0]).toMatchObject({
      causes: [{ eventId }],
      report: { outcome: 'remediated', verified: true },
    });
    await installation.carry('reports');
    const mail = await installation.subscriber.readMail();
    expect(mail.map(({ text }) => text.includes(policyArn.slice(policyArn.lastIndexOf('/') + 1)))).toEqual([
      true,
    ]);
  });

  it('near miss, the same trust policy in other letters: looked at, left alone, nobody disturbed', async () => {
    const known = (await incidents()).length;
    const otherLetters = respelled(trustPolicy);
    const eventId = await installation.happen(putTrust(roleName, otherLetters));
    const { bodies, failed } = await installation.carry('changes');
    expect(bodies.map((body) => body.includes(eventId))).toEqual([true]);
    expect(failed).toEqual([]);
    expect(await roleNow(installation.aws.iam, roleName)).toEqual({ ...declared, trustPolicy: otherLetters });
    expect(await incidents()).toHaveLength(known);
    expect((await installation.carry('reports')).bodies).toEqual([]);
  });
});

it('did all this with what the deployed roles allow', () => {
  expect(installation.denied()).toEqual([]);
});
