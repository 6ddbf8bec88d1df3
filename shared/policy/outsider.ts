import type { AccessDelta } from '../model.ts';
import { ACCOUNT_ID } from './account-id.ts';

const ACCOUNT_OF = new RegExp(`^AWS:(?:arn:[^:]*:(?:iam|sts)::)?(${ACCOUNT_ID})(?::|$)`);

/** The account of a principal such as `AWS:arn:aws:iam::111122223333:user/ann`; null where nobody can tell. */
export function accountOfPrincipal(principal: string): string | null {
  return ACCOUNT_OF.exec(principal)?.[1] ?? null;
}

/** Whether a change of access is that somebody may enter who could not before, be it an AWS service. */
export function letsSomebodyIn({ gained }: Pick<AccessDelta, 'gained'>): boolean {
  return gained.some(({ principal }) => principal !== undefined);
}

/** Anyone at all, another account, or an identity whose account nobody can tell. Not AWS's services, nor those of a provider. */
export function isOutsider(principal: string | undefined, accountId: string): boolean {
  return principal?.startsWith('AWS:') === true && accountOfPrincipal(principal) !== accountId;
}
