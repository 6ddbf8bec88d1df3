import { SSMClient } from '@aws-sdk/client-ssm';
import { expect, it, onTestFinished } from 'vitest';

import { ssmKillSwitch } from '../../shared/aws/ssm-kill-switch.ts';
import { killSwitchFrom } from '../../shared/ports/kill-switch.ts';
import { jsonService } from '../support/json-service.ts';
import { testClock } from '../support/scene.ts';

async function aSwitch(value: () => string | undefined) {
  const ssm = await jsonService(({ target }) =>
    target === 'AmazonSSM.GetParameter' ? { Parameter: { Name: 'p', Value: value() } } : { Version: 2 },
  );
  const client = new SSMClient({
    endpoint: ssm.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'example', secretAccessKey: 'example' },
    maxAttempts: 1,
  });
  onTestFinished(() => {
    client.destroy();
    ssm.close();
  });
  const clock = testClock();
  return { ssm, clock, killSwitch: ssmKillSwitch('/iam-drift/kill-switch', clock, client) };
}

it('an answer is believed for some seconds', async () => {
  let value = 'run';
  const { ssm, clock, killSwitch } = await aSwitch(() => value);
  expect(await killSwitch.read()).toEqual({ paused: false });
  value = 'pause: ann, migration';
  expect(await killSwitch.read()).toEqual({ paused: false });
  clock.advance(10_000);
  expect(await killSwitch.read()).toEqual({ paused: true, words: 'ann, migration' });
  expect(ssm.calls).toHaveLength(2);
});

it('is written as people write it in the console', async () => {
  const { ssm, killSwitch } = await aSwitch(() => 'run');
  await killSwitch.pause('ann, migration');
  await killSwitch.unpause();
  expect(ssm.calls).toMatchObject([
    { input: { Name: '/iam-drift/kill-switch', Value: 'pause: ann, migration', Overwrite: true } },
    { input: { Value: 'run' } },
  ]);
});

it('a parameter without a value is no permission', async () => {
  const { killSwitch } = await aSwitch(() => undefined);
  await expect(killSwitch.read()).rejects.toThrow('/iam-drift/kill-switch has no value');
});

it.each([
  ['run', { paused: false }],
  [' RUN\n', { paused: false }],
  ['pause', { paused: true, words: '' }],
  ['Pause: bob', { paused: true, words: 'bob' }],
  ['off', { paused: true, words: 'off' }],
  ['', { paused: true, words: '' }],
])('%j is understood', (text, state) => {
  expect(killSwitchFrom(text)).toEqual(state);
});
