import { description } from '../../shared/aspects/description.ts';
import { describeAspect } from '../support/aspect-contract.ts';
import { calling, nothing } from './tampering.ts';

describeAspect(description, {
  declared: 'Serves the app. Owner: "team-a" <a@example.com> & co',
  isForPeopleOnly: true,
  inSync: calling('UpdateRole', { description: 'Serves the app. Owner: "team-a" <a@example.com> & co' }),
  drifted: {
    'another one': calling('UpdateRoleDescription', { description: 'mine' }),
    'by the other call': calling('UpdateRole', { description: 'mine', maxSessionDuration: 7200 }),
    emptied: calling('UpdateRoleDescription', { description: '' }),
    'a blank at its end': calling('UpdateRoleDescription', {
      description: 'Serves the app. Owner: "team-a" <a@example.com> & co ',
    }),
  },
  equivalents: { 'longer sessions': calling('UpdateRole', { maxSessionDuration: 43_200 }) },
});

describeAspect(description, {
  declared: '',
  isForPeopleOnly: true,
  inSync: nothing,
  drifted: { 'one where none is declared': calling('UpdateRoleDescription', { description: 'mine' }) },
  equivalents: {
    'an empty one, where there was none': calling('UpdateRoleDescription', { description: '' }),
  },
});
