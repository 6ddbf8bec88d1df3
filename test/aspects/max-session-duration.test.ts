import { maxSessionDuration } from '../../shared/aspects/max-session-duration.ts';
import { describeAspect } from '../support/aspect-contract.ts';
import { calling } from './tampering.ts';

describeAspect(maxSessionDuration, {
  declared: 7200,
  inSync: calling('UpdateRole', { maxSessionDuration: 7200, description: 'the app' }),
  drifted: {
    'longer sessions': calling('UpdateRole', { maxSessionDuration: 43_200 }),
    'shorter sessions': calling('UpdateRole', { maxSessionDuration: 3600 }),
    'a description set, and the duration reset with it': calling('UpdateRole', { description: 'mine' }),
  },
  equivalents: {
    'another description': calling('UpdateRoleDescription', { description: 'mine' }),
    'the same once more': calling('UpdateRole', { maxSessionDuration: 7200 }),
  },
});
