import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';

import { addForwardingStacks } from '../../infra/forwarding-stack.ts';
import { specFile } from './synthesise.ts';

const shop = { cluster: 'shop', namespace: 'default', serviceAccount: 'checkout' };
const stacksFor = (...associations: readonly object[]) => {
  const spec = { version: 1, roles: [{ name: 'app', podIdentityAssociations: associations }] };
  const app = new App({ analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return addForwardingStacks(app, 'IamDriftForwarding', { specFile: specFile(JSON.stringify(spec)) });
};

describe('forwarding of regional events', () => {
  it('is set up in each region of a declared cluster, the home region aside', () => {
    const stacks = stacksFor(
      { ...shop, region: 'eu-west-1' },
      { ...shop, region: 'us-east-1' },
      { ...shop, region: 'ap-southeast-2' },
      { ...shop, cluster: 'other' },
    );
    expect(stacks.map(({ region }) => region)).toEqual(['ap-southeast-2', 'eu-west-1']);
  });

  it('sends what the rule of the home region asks for to the default bus there', () => {
    const [stack] = stacksFor({ ...shop, region: 'eu-west-1' });
    if (stack === undefined) throw new Error('no stack');
    const rules = Template.fromStack(stack).findResources('AWS::Events::Rule');
    expect(Object.values(rules)).toMatchObject([
      {
        Properties: {
          EventPattern: {
            source: ['aws.eks'],
            detail: {
              eventSource: ['eks.amazonaws.com'],
              eventName: [
                'CreatePodIdentityAssociation',
                'DeletePodIdentityAssociation',
                'UpdatePodIdentityAssociation',
              ],
            },
          },
        },
      },
    ]);
    expect(JSON.stringify(rules)).toContain(':event-bus/default');
    expect(JSON.stringify(rules)).toContain(':events:us-east-1:');
    expect(JSON.stringify(rules)).toContain('DeadLetterConfig');
  });

  it('is nothing where no cluster names another region', () => {
    expect(stacksFor(shop)).toEqual([]);
  });
});
