import { expect, it } from 'vitest';

import { accountOfPrincipal, isOutsider } from '../../shared/policy/outsider.ts';

it.each([
  ['AWS:arn:aws:iam::111122223333:user/ann', '111122223333'],
  ['AWS:arn:aws-cn:sts::111122223333:assumed-role/app/ann', '111122223333'],
  ['AWS:111122223333', '111122223333'],
  // AWS's own samples have such ids.
  ['AWS:arn:aws:iam::1111222233334:root', '1111222233334'],
  ['AWS:*', null],
  ['AWS:AIDAEXAMPLE', null],
  ['AWS:arn:aws:s3:::111122223333', null],
  ['Federated:arn:aws:iam::111122223333:saml-provider/x', null],
])('the account of %s is %s', (principal, accountId) => {
  expect(accountOfPrincipal(principal)).toBe(accountId);
});

it.each([
  ['AWS:arn:aws:iam::111122223333:user/ann', false],
  ['AWS:arn:aws:iam::999988887777:role/111122223333', true],
  ['AWS:*', true],
  ['AWS:AIDAEXAMPLE', true],
  ['Service:lambda.amazonaws.com', false],
  [undefined, false],
])('%s comes from outside of account 111122223333: %s', (principal, isOutside) => {
  expect(isOutsider(principal, '111122223333')).toBe(isOutside);
});
