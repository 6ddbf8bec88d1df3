import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { operations } from '../../shared/embedded-account/operations.ts';
import { readInput } from '../../shared/embedded-account/query-protocol.ts';
import { iamOperations, operationSchema } from '../../shared/embedded-account/schemas.ts';
import { openAccount } from '../support/open-account.ts';

const post = (endpoint: string, body: string) => fetch(endpoint, { method: 'POST', body });

describe('the Query protocol', () => {
  it('knows every operation that is modelled', () => {
    expect([...operations.keys()].filter((name) => operationSchema(name) === undefined)).toEqual([]);
  });

  it('reads structures and lists in the order of their numbers', () => {
    const schema = iamOperations.get('TagRole');
    const parameters = new URLSearchParams(
      'RoleName=a%2Bb+c&Tags.member.10.Key=j&Tags.member.2.Key=b&Tags.member.2.Value=&Unknown=1',
    );
    expect(schema && readInput(schema, parameters)).toEqual({
      RoleName: 'a+b c',
      Tags: [{ Key: 'b', Value: '' }, { Key: 'j' }],
    });
  });

  it('refuses a text where a number is expected', async () => {
    const { account } = await openAccount();
    const response = await post(account.endpoint, 'Action=ListRoles&MaxItems=many');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<Code>ValidationError</Code>');
  });

  it('announces no end to idle connections: clients that come back to them are not hung up on', async () => {
    const { account } = await openAccount();
    const response = await post(account.endpoint, 'Action=ListRoles');
    expect(response.headers.get('connection')).toBe('keep-alive');
    expect(response.headers.get('keep-alive')).toBeNull();
  });

  it('says whose fault it is', async () => {
    const { account } = await openAccount();
    for (const [error, type] of [
      ['Throttling', 'Sender'],
      ['ServiceFailure', 'Receiver'],
    ] as const) {
      account.inject({ error, message: '<&>' });
      const response = await post(account.endpoint, 'Action=ListRoles');
      expect(await response.text()).toContain(
        `<Error><Type>${type}</Type><Code>${error}</Code><Message>&lt;&amp;&gt;</Message></Error>`,
      );
    }
  });

  it('answers whatever is sent, and is never at fault itself', async () => {
    const { account } = await openAccount();
    const name = fc.oneof(
      fc.constantFrom('RoleName', 'PolicyArn', 'PolicyDocument', 'Tags.member.1.Key', 'Marker', 'MaxItems'),
      fc.constantFrom('__proto__', 'constructor.member.1', 'Tags.member.__proto__.Key', '..'),
      fc.string(),
    );
    const body = fc.record({
      action: fc.oneof(fc.constantFrom(...operations.keys()), fc.string()),
      parameters: fc.array(fc.tuple(name, fc.string()), { maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(body, async ({ action, parameters }) => {
        const text = new URLSearchParams([['Action', action], ...parameters]).toString();
        const response = await post(account.endpoint, text);
        expect(await response.text()).toMatch(/^<[A-Za-z]+Response xmlns=/);
        expect([200, 400, 403, 404, 409, 501]).toContain(response.status);
      }),
      { numRuns: 300 },
    );
  });
});
