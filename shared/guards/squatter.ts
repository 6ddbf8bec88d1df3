import { operatorCommand } from '../operator-command.ts';
import { defineGuard } from './define.ts';

/**
 * A role that is not the one we knew under this name gets nothing from us: whoever may only create roles could otherwise
 * have policies attached to his own. What takes access away is done.
 */
export const squatter = defineGuard({
  name: 'squatter',
  needs: ['controls'],
  hold: ({ effect }, _plan, { observed, controls, state }) => {
    const isStranger = observed.roleId !== null && observed.roleId === state.strangerId;
    if (effect === 'closes' || !isStranger || controls.approval?.roleId === observed.roleId) return null;
    const { roleName } = observed.ref;
    const which =
      state.roleId === null ? 'a new role' : 'another role than the one that was known under this name';
    return {
      reason: `this is ${which} (${observed.roleId}), and nobody has said whose it is`,
      remedy: `If ${roleName} was created by your own people: ${operatorCommand('approve', { roleName })}`,
    };
  },
});
