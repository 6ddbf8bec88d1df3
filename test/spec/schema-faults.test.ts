import { describe, expect, it } from 'vitest';

import { faultsOfRoles, remediesOfRoles } from './support.ts';

describe('keys', () => {
  it.each([
    ['- {name: a, presets: eks-node}', 'roles[0].presets: unknown key "presets"', 'did you mean "preset"?'],
    [
      '- {name: a, mode: enforced}',
      'roles[0].mode: expected enforce or detect, found "enforced"',
      'did you mean "enforce"?',
    ],
    [
      '- {name: a, modes: {managedPolicy: detect}}',
      'roles[0].modes.managedPolicy: unknown key "managedPolicy"',
      'did you mean "managedPolicies"?',
    ],
    [
      '- {name: a, managedPolicies: {forbiden: []}}',
      'roles[0].managedPolicies.forbiden: unknown key "forbiden"',
      'did you mean "forbidden"?',
    ],
    [
      '- {name: a, managedPolicies: [{oneof: []}]}',
      'roles[0].managedPolicies[0].oneof: unknown key "oneof"',
      'did you mean "oneOf"?',
    ],
    [
      '- {name: a, preset: {name: eks-node, params: {cniPolcy: allow}}}',
      'roles[0].preset.params.cniPolcy: unknown key "cniPolcy"',
      'did you mean "cniPolicy"?',
    ],
    [
      '- {name: a, preset: {name: eks-node, param: {}}}',
      'roles[0].preset.param: unknown key "param"',
      'did you mean "params"?',
    ],
    [
      '- {name: a, preset: {name: eks-node, params: {cniPolicy: alow}}}',
      'roles[0].preset.params.cniPolicy: expected report, allow or require, found "alow"',
      'did you mean "allow"?',
    ],
    [
      '- {name: a, preset: {name: eks-node-restricted}}',
      'roles[0].preset.params.podIdentityPolicyArn: "podIdentityPolicyArn" is missing',
      'add it: a text',
    ],
    [
      '- {name: a, preset: [eks-node]}',
      'roles[0].preset: expected a text or a mapping, found a list',
      'write a text or a mapping',
    ],
    [
      '- {name: a, managedPolicies: }',
      'roles[0].managedPolicies: nothing is written here, expected a list or a mapping',
      'write a value, or remove the key',
    ],
    ['- eksNodeRole', 'roles[0]: expected a mapping, found "eksNodeRole"', 'write {name: "eksNodeRole"}'],
    [
      '- {name: a, trustPolicy: \'{"Version": "2012-10-17", "Statement": []}\'}',
      'roles[0].trustPolicy: expected a mapping, found "{\\"Version\\": \\"2012-10-17\\", \\"Statement\\": []}"',
      'take it out of its quotes: the document itself belongs here, not its text',
    ],
  ])('%s', (line, fault, remedy) => {
    expect(faultsOfRoles(line)).toContain(fault);
    expect(remediesOfRoles(line)).toContain(remedy);
  });

  it('tell which of the forms of a policy was meant', () => {
    expect(faultsOfRoles('- {name: a, managedPolicies: [{oneOf: [1, 2, 3]}]}')).toEqual(
      [0, 1, 2].map(
        (index) =>
          `roles[0].managedPolicies[0].oneOf[${index}]: expected a text, found the number ${index + 1}`,
      ),
    );
  });
});
