import { describe, expect, it } from 'vitest';

import { didYouMean, suggest } from '../../shared/spec/did-you-mean.ts';

const presets = ['eks-node', 'eks-node-restricted', 'eks-vpc-cni', 'ecs-task-execution'];

describe('didYouMean', () => {
  it.each([
    ['eks-nod', 'eks-node'],
    ['eks-noed', 'eks-node'],
    ['EKS-NODE', 'eks-node'],
    ['eks-vpccni', 'eks-vpc-cni'],
    ['ecs-task', 'ecs-task-execution'],
  ])('%s means %s', (word, meant) => {
    expect(didYouMean(word, presets)).toBe(meant);
  });

  it.each(['lambda', '', 'x'.repeat(1000), 'toString'])('knows nothing near %s', (word) => {
    expect(didYouMean(word, presets)).toBeNull();
  });
});

describe('suggest', () => {
  it('lists the choices where nothing is near', () => {
    expect(suggest('lambda', ['a', 'b'])).toBe('known here: a, b');
  });

  it('says to remove what has no choice', () => {
    expect(suggest('lambda', [])).toBe('remove it');
  });
});
