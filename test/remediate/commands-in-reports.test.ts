import { describe, expect, it, onTestFinished } from 'vitest';

import { usualLimits } from '../../shared/guards/limits.ts';
import type { ReconcileReport } from '../../shared/model.ts';
import { announcementInWords } from '../../shared/notifications/announcement-in-words.ts';
import { renderers } from '../../shared/notifications/index.ts';
import { splitCommand } from '../../shared/operator-command.ts';
import { aSpec, createAsDeclared, detach, putTrust, backdoor } from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { type Kind, kindsOfLooks } from '../support/kinds-of-looks.ts';
import { ACCOUNT_ID, scene, testClock } from '../support/scene.ts';
import { shellWords } from '../support/shell-words.ts';
import { cli, inFolder } from '../cli/run-cli.ts';

const HOUR = 3_600_000;
const names = ['app', 'web', 'api'];
const app = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };

/** What else people are told to do. */
const more: Readonly<Record<string, Kind>> = {
  'a pause': {
    spec: aSpec(),
    arrange: async (one) => one.killSwitch.pause('ann: migration'),
    act: async (one) => {
      await one.happen(putTrust(backdoor));
      return [];
    },
  },
  'an exemption': {
    spec: aSpec(),
    arrange: async (one) =>
      one.controls.exempt(app, {
        at: '2026-03-02T10:00:00Z',
        until: '2026-03-02T12:00:00Z',
        reason: 'outage 17',
        by: 'ann',
      }),
    act: async (one) => {
      await one.happen(putTrust(backdoor));
      return [];
    },
  },
  'a deletion': {
    spec: aSpec(),
    act: async (one) => {
      await one.happen(anIamEvent('DeleteRole', { roleName: 'app' }));
      return [];
    },
  },
  'a spec that is the suspect': {
    spec: aSpec({ names }),
    names,
    limits: { ...usualLimits, manyRoles: 2 },
    arrange: async (one) => {
      for (const name of names) await one.happen(detach('ReadOnlyAccess', {}, name));
      await one.pass(HOUR);
      one.redeploy(aSpec({ names, attached: [], unlisted: 'detach' }));
    },
    act: () => names.map((name) => anIamEvent('TagRole', { roleName: name, tags: [] })),
  },
};

async function reportsOf({ spec, names: roles = ['app'], limits, arrange, act }: Kind) {
  const one = await scene(spec, testClock(), limits);
  onTestFinished(async () => one.close());
  for (const name of roles) createAsDeclared(one, name);
  await one.deliver(...roles.map((roleName) => anIamEvent('TagRole', { roleName, tags: [] })));
  await arrange?.(one);
  await one.deliver(...(await act(one)));
  await one.pass(3 * HOUR);
  return [...one.reports, ...one.repeats];
}

const isCommand = /(?<![\w-])iam-drift [a-z]/;

/** Every text of a report but the script that creates a role. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function commandsIn(texts: readonly string[]): readonly string[] {
  return texts
    .filter((text) => isCommand.test(text))
    .map((text) => {
      const { words, command } = splitCommand(text);
      expect({ text, isInWords: isCommand.test(words) }).toEqual({ text, isInWords: false });
      return command ?? '';
    });
}

const aTime = /^[\d:T-]+Z$/;
const anIncident = /^\d{12}\/[\w-]+\/[0-9A-Z]{10}$/;

/** Whether a shell and the command line take it whole: what it lacks here is the ledger. */
async function canBePasted(command: string): Promise<boolean> {
  const [, name = '', ...words] = shellWords(command);
  if (name === 'revoke-sessions') return words.length === 3 && aTime.test(words.at(-1) ?? '');
  const { stderr } = await inFolder({}, async (cwd) =>
    cli([name, '--ledger', 'nowhere.json', ...words], { cwd }),
  );
  const isComplete = words.every((word) => !word.includes('/') || anIncident.test(word));
  return isComplete && stderr.startsWith('error: nowhere.json: ');
}

/** Lines of an e-mail that have a command, and do not end with it. */
function tornIn(report: ReconcileReport, commands: readonly string[]): readonly string[] {
  const lines = textsIn(renderers.email(report)).join('\n').split('\n');
  return lines.filter((line) => isCommand.test(line) && !commands.some((one) => line.endsWith(one)));
}

describe.each(Object.entries({ ...kindsOfLooks, ...more }))('%s', (_, kind) => {
  it('tells commands that end their sentences and can be pasted as they are', async () => {
    const all = new Set<string>();
    const torn: string[] = [];
    for (const report of await reportsOf(kind)) {
      const commands = commandsIn(textsIn(report));
      for (const command of commands) all.add(command);
      torn.push(...tornIn(report, commands));
    }
    for (const command of all) if (!(await canBePasted(command))) torn.push(command);
    expect(torn).toEqual([]);
  });
});

const stepsOf = async (kind: Kind) =>
  [...new Set((await reportsOf(kind)).flatMap(({ nextSteps }) => nextSteps))].join('\n');

describe('what to do about a hold', () => {
  it('is said of each', async () => {
    const { 'a pause': pause, 'an exemption': exemption, 'a spec that is the suspect': suspect } = more;
    if (!pause || !exemption || !suspect) throw new Error('a kind is missing');
    expect(await stepsOf(pause)).toMatch(/^Changes are paused; to go on: iam-drift unpause$/m);
    expect(await stepsOf(exemption)).toMatch(/before the exemption ends: iam-drift exempt app --end$/m);
    expect(await stepsOf(suspect)).toMatch(
      /^If what is held is what the spec shall do: iam-drift resume --incident \S+$/m,
    );
  });

  it('is not to exempt what is exempted', async () => {
    const { 'an exemption': exemption } = more;
    if (!exemption) throw new Error('a kind is missing');
    const [held] = await reportsOf(exemption);
    expect(held?.outcome).toBe('in-sync');
    const steps = (await reportsOf(exemption))
      .find(({ outcome }) => outcome === 'held')
      ?.nextSteps.join('\n');
    expect(steps).toContain('If the change was wanted, declare it at ');
    expect(steps).not.toContain('--for');
  });
});

it.each(['exempt', 'endExemption', 'approve', 'resume', 'pause', 'unpause'] as const)(
  'an announcement of %s: a command ends its line',
  (did) => {
    const said = { id: '0', accountId: ACCOUNT_ID, roleName: 'app', by: 'ann', until: null };
    const { title, lines } = announcementInWords({ ...said, did, reason: 'iam-drift unpause.' });
    const ours = [title, ...lines].filter((line) => !line.startsWith('Reason: '));
    expect(commandsIn(ours)).toEqual(did === 'pause' ? ['iam-drift unpause'] : []);
  },
);
