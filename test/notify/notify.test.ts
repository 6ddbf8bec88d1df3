import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import type { ReconcileReport } from '../../shared/model.ts';
import { announcementMessage } from '../../shared/ports/announcement.ts';
import { channels } from '../../shared/notifications/channels/index.ts';
import { configuredChannels } from '../../shared/notifications/configured-channels.ts';
import { renderJson } from '../../shared/notifications/json.ts';
import { aCause, aDetectedReport, aDifference, aHeldReport, aReport } from '../support/reports.ts';
import { slackAnswers } from '../support/slack-webhook.ts';
import { textsOf } from '../support/slack-limits.ts';
import { amazonQTopicArn, busEvent, notifyScene, type NotifyScene, topicArn } from './notify-scene.ts';

const scenes: NotifyScene[] = [];
afterEach(() => {
  for (const one of scenes.splice(0)) one.close();
});

async function aScene(...settings: Parameters<typeof notifyScene>): Promise<NotifyScene> {
  const one = await notifyScene(...settings);
  scenes.push(one);
  return one;
}
const slackOnly = { SLACK_SECRET_NAME: 'team/slack' };
const snsOnly = { TOPIC_ARN: topicArn };

const emails = ({ published }: NotifyScene) =>
  published.filter((message) => message.topicArn === topicArn).map(({ message }) => z.parse(texts, message));
const texts = z.object({ default: z.string(), email: z.string(), sms: z.string() });
const cards = ({ published }: NotifyScene) =>
  published
    .filter((message) => message.topicArn === amazonQTopicArn)
    .map(({ message }): unknown => (typeof message === 'string' ? JSON.parse(message) : null));
/** How many messages each channel took. */
const counts = (scene: NotifyScene) => [
  scene.slack.messages.length,
  emails(scene).length,
  cards(scene).length,
];
const slackText = ({ slack }: NotifyScene) =>
  slack.messages.flatMap(({ blocks }) => textsOf(blocks).map(({ text }) => text)).join('\n');

function reports(count: number, overrides: Partial<ReconcileReport> = {}): readonly ReconcileReport[] {
  return Array.from({ length: count }, (_, index) =>
    aReport({
      id: `R${index}`,
      incidentId: `111122223333/role-${index}/INC`,
      role: { accountId: '111122223333', roleName: `role-${index}`, arn: null },
      severity: index === count - 1 ? 'critical' : 'low',
      ...overrides,
    }),
  );
}

describe('one report', () => {
  it('reaches every channel, each in its own form', async () => {
    const scene = await aScene();
    expect(await scene.deliver(aReport())).toEqual([]);
    expect(slackText(scene)).toContain('account 444455556666');
    const [email] = emails(scene);
    expect(email?.email).toMatch(/^deploy: account 444455556666 could assume this role/);
    expect(JSON.parse(email?.default ?? '')).toEqual(aReport());
    expect(scene.published[0]?.subject).toContain('Critical, put back: deploy');
    expect(scene.published[0]).toMatchObject({
      attributes: {
        account: '111122223333',
        role: 'deploy',
        outcome: 'remediated',
        severity: 'critical',
      },
    });
    expect(cards(scene)).toMatchObject([
      {
        version: '1.0',
        source: 'custom',
        content: { textType: 'client-markdown', title: 'Critical: deploy' },
        metadata: { threadId: aReport().incidentId },
      },
    ]);
  });

  it('that is quiet reaches none', async () => {
    const scene = await aScene();
    expect(await scene.deliver(aReport({ outcome: 'in-sync' }), aReport({ outcome: 'not-checked' }))).toEqual(
      [],
    );
    expect([scene.slack.calls, scene.published, scene.steps]).toEqual([[], [], []]);
  });

  it('delivered again is not told again, neither twice in a batch', async () => {
    const scene = await aScene();
    await scene.deliver(aReport(), aReport());
    await scene.deliver(aReport());
    expect(scene.slack.messages).toHaveLength(1);
    expect(scene.published).toHaveLength(2);
  });

  it('that was too large for its event is read from the ledger', async () => {
    const scene = await aScene(snsOnly);
    const whole = aReport({ causes: Array.from({ length: 40 }, () => aCause()) });
    await open(scene, whole);
    expect(await scene.deliver(busEvent(renderJson(whole, 3000)))).toEqual([]);
    expect(JSON.parse(emails(scene)[0]?.default ?? '')).toEqual(whole);
  });

  it('and if the ledger has gone on to a later one, what the event holds is told', async () => {
    const scene = await aScene(snsOnly);
    const earlier = aReport({ id: 'R1', drift: { status: 'MODIFIED', differences: [hugeDifference()] } });
    await open(scene, aReport({ id: 'R2' }));
    await scene.deliver(busEvent(renderJson(earlier, 6000)));
    expect(JSON.parse(emails(scene)[0]?.default ?? '')).toMatchObject({ id: 'R1' });
  });

  it('no message is lost that cannot be read: it goes back, the others are told', async () => {
    const scene = await aScene();
    expect(await scene.deliver('{', busEvent({ id: 'x' }), aReport())).toEqual(['m0', 'm1']);
    expect(scene.slack.messages).toHaveLength(1);
  });
});

function hugeDifference() {
  return aDifference({ actual: 'x'.repeat(20_000) });
}

async function open({ ledger }: NotifyScene, report: ReconcileReport): Promise<void> {
  await ledger.open({
    incidentId: report.incidentId,
    role: { accountId: '111122223333', partition: 'aws', roleName: 'deploy' },
    openedAt: report.time,
    spec: { version: 'sha256:0', file: 'roles.yaml', line: 1 },
    causes: [],
    before: {},
    found: [],
    plan: [],
  });
  await ledger.close(report.incidentId, report);
}

describe('a channel in trouble', () => {
  it.each([
    ['broken', slackAnswers.broken],
    ['silent', slackAnswers.silence],
    ['archived', slackAnswers.archived],
  ])('Slack is %s: the others are told, and again only Slack', async (_, answer) => {
    const scene = await aScene();
    scene.slack.answerNext(answer);
    expect(await scene.deliver(aReport())).toEqual(['m0']);
    expect(scene.published).toHaveLength(2);
    expect(await scene.deliver(aReport())).toEqual([]);
    expect(scene.published).toHaveLength(2);
    expect(scene.slack.messages).toHaveLength(1);
    expect(scene.counts.get('UntoldReports')).toBe(1);
  });

  it('a busy Slack is waited for as long as it asks, where there is time', async () => {
    const scene = await aScene(slackOnly);
    scene.slack.answerNext(slackAnswers.busy(12));
    const started = scene.clock.now().getTime();
    expect(await scene.deliver(aReport())).toEqual([]);
    expect(scene.clock.now().getTime() - started).toBe(12_000);
    expect(scene.slack.messages).toHaveLength(1);
  });

  it('where there is none, the report goes back to the queue at once', async () => {
    const scene = await aScene(slackOnly);
    scene.slack.answerNext(slackAnswers.busy(120));
    const started = scene.clock.now().getTime();
    expect(await scene.deliver(aReport())).toEqual(['m0']);
    expect(scene.clock.now().getTime()).toBe(started);
    expect(await scene.deliver(aReport())).toEqual([]);
  });

  it('a revoked webhook that was replaced: the secret is read afresh', async () => {
    const scene = await aScene(slackOnly);
    await scene.deliver(aReport({ id: 'R1' }));
    scene.slack.answerAt('/services/T000/B000/first', slackAnswers.noService);
    scene.setSecret(`{"url":"${scene.slack.url.replace('first', 'second')}"}`);
    expect(await scene.deliver(aReport({ id: 'R2' }))).toEqual([]);
    expect(scene.slack.calls.at(-1)).toBe('/services/T000/B000/second');
    expect(scene.secretReads()).toBe(2);
  });

  it('and one that was not replaced goes back, with Slack’s word for it', async () => {
    const scene = await aScene(slackOnly);
    scene.slack.answerAt('/services/T000/B000/first', slackAnswers.invalidToken);
    expect(await scene.deliver(aReport())).toEqual(['m0']);
    expect(String(scene.errors[0])).toContain('Slack answers 403: invalid_token');
    expect(scene.slack.calls).toHaveLength(1);
  });

  it.each([
    ['gone', null],
    ['of another kind', 'not an address'],
    ['not by TLS', 'http://hooks.example.com/x'],
  ])('a secret that is %s keeps Slack untold, and is not told', async (_, secret) => {
    const scene = await aScene();
    scene.setSecret(secret);
    expect(await scene.deliver(aReport())).toEqual(['m0']);
    expect(scene.published).toHaveLength(2);
    expect(scene.errors.map(String).join()).not.toContain('not an address');
  });

  it('blocks that Slack refuses: the same is told as text', async () => {
    const scene = await aScene(slackOnly);
    scene.slack.answerNext(slackAnswers.invalidBlocks);
    expect(await scene.deliver(aReport())).toEqual([]);
    expect(scene.slack.messages).toMatchObject([{ blocks: [] }]);
    expect(scene.slack.messages[0]?.text).toContain('IAM user alice');
  });

  it('an address that is a secret does not reach the log', async () => {
    const scene = await aScene(slackOnly);
    scene.slack.close();
    await scene.deliver(aReport());
    expect(
      JSON.stringify(scene.errors.map((error) => (error instanceof Error ? error.stack : error))),
    ).not.toContain('T000');
  });

  it('is no reason to begin what would not end in time', async () => {
    const scene = await aScene(slackOnly, 5000);
    expect(await scene.deliver(aReport())).toEqual(['m0']);
    expect(scene.slack.calls).toEqual([]);
  });
});

describe('a storm', () => {
  it('becomes one digest a channel, the worst first, and none is missing', async () => {
    const scene = await aScene();
    expect(await scene.deliver(...reports(20))).toEqual([]);
    expect(emails(scene)).toHaveLength(1);
    expect(scene.published[0]?.subject).toBe('Critical: 20 reports of drift');
    const [email] = emails(scene);
    expect(email?.email).toMatch(/^Critical: 20 reports of drift\.\n\n1\. Critical: role-19 /);
    for (let index = 0; index < 20; index += 1) {
      expect(email?.email).toContain(`report R${index}\n`);
      expect(slackText(scene)).toContain(`report R${index})`);
      expect(JSON.stringify(cards(scene))).toContain(`report R${index}\\n`);
    }
    expect(slackText(scene)).toContain('Who: IAM user alice, from 192.0.2.20');
    expect(scene.published[0]?.attributes?.['role']).toContain('role-7');
    expect(
      z.parse(z.object({ reports: z.array(z.unknown()) }), JSON.parse(email?.default ?? '')).reports,
    ).toHaveLength(20);
  });

  it('of 200 roles keeps to each channel’s size and to one message a second', async () => {
    const scene = await aScene();
    const storm = reports(200);
    let waiting: readonly ReconcileReport[] = storm;
    for (let delivery = 0; delivery < 5 && waiting.length > 0; delivery += 1) {
      const again: ReconcileReport[] = [];
      for (let from = 0; from < waiting.length; from += 100) {
        const batch = waiting.slice(from, from + 100);
        const ids = await scene.deliver(...batch);
        again.push(...batch.filter((_, index) => ids.includes(`m${index}`)));
      }
      waiting = again;
    }
    expect(waiting).toEqual([]);
    const all = slackText(scene);
    expect(storm.filter(({ id }) => !all.includes(`report ${id})`))).toEqual([]);
    expect(scene.slack.messages.length).toBeLessThan(30);
    expect(scene.errors).toEqual([]);
  });

  it('tells of each report who was at work, or how it was found', async () => {
    const scene = await aScene(slackOnly);
    await scene.deliver(...reports(6, { causes: [], trigger: 'resync' }));
    expect(slackText(scene)).toContain('Who: not known: found by the regular sweep');
  });

  it('part of which is told stays told', async () => {
    const scene = await aScene(slackOnly);
    scene.slack.answerNext({ status: 200, body: 'ok' }, slackAnswers.broken);
    const again = await scene.deliver(...reports(60));
    expect(again.length).toBeGreaterThan(0);
    expect(again.length).toBeLessThan(60);
    expect(scene.slack.calls.length).toBeGreaterThan(2);
  });

  it('of a few is told one by one, in order', async () => {
    const scene = await aScene(slackOnly);
    await scene.deliver(
      aReport({ ...aHeldReport(), id: 'R1' }),
      aReport({ ...aDetectedReport(), id: 'R2' }),
      aReport({ id: 'R3' }),
    );
    expect(scene.slack.messages.map(({ text }) => text.split(':')[0])).toEqual([
      'Critical',
      'High',
      'Medium',
    ]);
  });
});

describe('a function that is killed between any two steps, and its delivery again', () => {
  it('loses nothing, and repeats one message of one channel at most', async () => {
    const rehearsal = await aScene();
    await rehearsal.deliver(aReport());
    expect(rehearsal.steps.length).toBeGreaterThan(12);
    for (const killedAt of rehearsal.steps) {
      const scene = await aScene();
      // A killed process takes no further step, in any channel.
      let isDead = false;
      scene.failAt((step) => (isDead ||= step === killedAt));
      await scene.deliver(aReport());
      scene.failAt(null);
      expect(await scene.deliver(aReport())).toEqual([]);
      const told = counts(scene);
      expect([killedAt, Math.min(...told)]).toEqual([killedAt, 1]);
      expect(told.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(told.length + 1);
      expect(await scene.deliver(aReport())).toEqual([]);
      expect(counts(scene)).toEqual(told);
    }
  });

  it('tells the repeat under the same report id', async () => {
    const scene = await aScene(slackOnly);
    scene.failAt((step) => step === 'before record slack');
    expect(await scene.deliver(aReport())).toEqual(['m0']);
    scene.failAt(null);
    await scene.deliver(aReport());
    expect(scene.slack.messages).toHaveLength(2);
    for (const { blocks } of scene.slack.messages)
      expect(
        textsOf(blocks)
          .map(({ text }) => text)
          .join(''),
      ).toContain(aReport().id);
  });
});

describe('the configuration', () => {
  it('that tells nobody stops the function at its start', () => {
    expect(() => configuredChannels(channels, {})).toThrow(
      'nobody would be told: set one of TOPIC_ARN, SLACK_SECRET_NAME, AMAZON_Q_TOPIC_ARN',
    );
  });

  it('and so does a wrong one, with the remedy', () => {
    expect(() => configuredChannels(channels, { TOPIC_ARN: 'drift', SLACK_SECRET_NAME: '' })).toThrow(
      'environment variable TOPIC_ARN is "drift": write the ARN of an SNS topic',
    );
  });

  it('names each channel, variable and setting once', () => {
    for (const key of ['name', 'variable', 'key'] as const) {
      const values = channels.map((channel) => (key === 'name' ? channel.name : channel.setting[key]));
      expect(new Set(values).size).toBe(channels.length);
    }
  });
});

describe('what an operator has said', () => {
  const said = {
    id: '01JC9ZK4T0V5N8Q2W7E3R6Y1UA',
    accountId: '111122223333',
    did: 'exempt',
    roleName: 'deploy',
    by: 'ann',
    reason: 'outage 17 <!channel> https://evil.example',
    until: '2026-03-02T12:00:00.000Z',
  } as const;

  it('reaches every channel once, with who, why and until when, and nothing in it acts', async () => {
    const scene = await aScene();
    expect(await scene.deliver(announcementMessage(said))).toEqual([]);
    expect(await scene.deliver(announcementMessage(said))).toEqual([]);
    expect(counts(scene)).toEqual([1, 1, 1]);
    for (const text of [slackText(scene), emails(scene)[0]?.email, JSON.stringify(cards(scene)[0])]) {
      expect(text).toContain('role deploy in account 111122223333 is left as it is until 2026-03-02 12:00');
      expect(text).toContain('Said by ann on the command line');
      expect(text).toContain('outage 17');
      expect(text).not.toContain('https://evil');
    }
    for (const text of [slackText(scene), JSON.stringify(cards(scene)[0])])
      expect(text).not.toContain('<!channel>');
  });

  it('is delivered again for the channel that did not take it', async () => {
    const scene = await aScene(slackOnly);
    scene.setSecret(null);
    expect(
      await scene.deliver(aReport(), announcementMessage({ ...said, did: 'pause', roleName: null })),
    ).toEqual(['m0', 'm1']);
    scene.setSecret(scene.slack.url);
    expect(await scene.deliver(announcementMessage({ ...said, did: 'pause', roleName: null }))).toEqual([]);
    expect(slackText(scene)).toContain('Paused: no role in account 111122223333');
  });
});
