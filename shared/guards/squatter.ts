import { defineGuard } from './define.ts';
import { isStranger } from './stranger.ts';

/**
 * A role that is not the one we knew under this name gets nothing from us: whoever may only create roles could otherwise
 * have policies attached to his own. What takes access away is done.
 */
export const squatter = defineGuard({
  name: 'squatter',
  needs: ['controls', 'knownSince'],
  hold: ({ effect }, _plan, context) => {
    const { observed, controls, state, knownSince } = context;
    if (
      effect === 'closes' ||
      !isStranger({ ...context, known: state, knownSince }) ||
      controls.approval?.roleId === observed.roleId
    )
      return null;
    return {
      reason: `this is another role (${observed.roleId ?? 'no id'}) than the one that was known under this name`,
      remedy: `If ${observed.ref.roleName} was created by your own people: iam-drift approve ${observed.ref.roleName}`,
    };
  },
});
