import { describe, expect, it } from 'vitest';

import { tags } from '../../shared/aspects/tags.ts';
import { describeAspect } from '../support/aspect-contract.ts';
import { calling } from './tampering.ts';

const tag = (...pairs: readonly (readonly [key: string, value: string])[]) =>
  calling('TagRole', { tags: pairs.map(([key, value]) => ({ key, value })) });
const untag = (...tagKeys: readonly string[]) => calling('UntagRole', { tagKeys });

describeAspect(tags, {
  declared: { Team: 'blue', 'cost center': '4711', empty: '' },
  inSync: tag(['Team', 'blue'], ['cost center', '4711'], ['empty', '']),
  drifted: {
    'one removed': untag('Team'),
    'one with another value': tag(['Team', 'red']),
    'another value, under a key in other case': tag(['TEAM', 'red']),
    'another value by case': tag(['Team', 'Blue']),
    'all of them': (account) => {
      untag('Team', 'empty')(account);
      tag(['cost center', '1'])(account);
    },
  },
  equivalents: {
    'a tag that is not declared': tag(['owner', 'alice']),
    'a key in other case': tag(['TEAM', 'blue']),
    'tagged once more': tag(['Team', 'blue']),
    'tags with the names of what every object has': tag(['constructor', 'x'], ['__proto__', 'y']),
  },
});

describe('tags of one key in two cases', () => {
  it('are as declared if the one that is spelled so is', () => {
    const context = { accountId: '111122223333', partition: 'aws', roleName: 'app' };
    const both = [
      { key: 'TEAM', value: 'red' },
      { key: 'Team', value: 'blue' },
    ];
    expect(tags.diff({ Team: 'blue' }, both, context)).toEqual([]);
    expect(tags.diff({ Team: 'red' }, both, context)).toMatchObject([{ actual: 'blue' }]);
  });
});

describe('what is declared of tags', () => {
  it('a role’s own win over its preset’s, whatever their case', () => {
    expect(tags.merge({ Team: 'blue', Env: 'prod' }, { team: 'red' })).toEqual({ Env: 'prod', team: 'red' });
  });

  it.each([
    [{ 'aws:cloudformation:stack-name': 'x' }, 'AWS'],
    [{ Team: 'a', TEAM: 'a' }, 'declared twice'],
    [Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, ''])), '51 tags'],
  ])('%j: IAM would refuse it', (declared, words) => {
    expect(
      tags
        .faults(declared)
        .map(({ message }) => message)
        .join(),
    ).toContain(words);
  });
});
