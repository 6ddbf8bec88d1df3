import type { Announcement } from '../../../shared/ports/announcement.ts';
import type { OperatorControls } from '../../../shared/ports/controls.ts';
import type { OperatorKillSwitch } from '../../../shared/ports/kill-switch.ts';

/** Tells people what an operator has said. */
export type Announce = (
  said: Pick<Announcement, 'did'> & Partial<Omit<Announcement, 'id' | 'did'>>,
) => Promise<void>;

/** Whatever is said to them is announced once it is stored: it must not be secret, whoever says it. */
export function announcingControls(controls: OperatorControls, announce: Announce): OperatorControls {
  return {
    of: async (role) => controls.of(role),
    exempt: async (role, exemption) => {
      await controls.exempt(role, exemption);
      const { roleName } = role;
      const { by, reason, until, at } = exemption;
      if (Date.parse(until) <= Date.parse(at)) await announce({ did: 'endExemption', roleName, by });
      else await announce({ did: 'exempt', roleName, by, reason, until });
    },
    approve: async (role, approval) => {
      await controls.approve(role, approval);
      await announce({ did: 'approve', roleName: role.roleName, by: approval.by });
    },
    resume: async (accountId, resume) => {
      await controls.resume(accountId, resume);
      await announce({ did: 'resume', by: resume.by, reason: `incident ${resume.incidentId}` });
    },
  };
}

/** Likewise. `by`: who ends a pause; who begins one stands in the words. */
export function announcingKillSwitch(
  killSwitch: OperatorKillSwitch,
  by: () => Promise<string>,
  announce: Announce,
): OperatorKillSwitch {
  return {
    read: async () => killSwitch.read(),
    pause: async (words) => {
      await killSwitch.pause(words);
      await announce({ did: 'pause', reason: words });
    },
    unpause: async () => {
      const who = await by();
      await killSwitch.unpause();
      await announce({ did: 'unpause', by: who });
    },
  };
}
