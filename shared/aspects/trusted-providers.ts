import type { Json } from '../model.ts';
import { ACCOUNT_ID } from '../policy/account-id.ts';
import { isList, isObject } from '../policy/parse.ts';

/** Of an OIDC or SAML provider, with or without variables. */
export const PROVIDER_ARN = new RegExp(
  `^arn:(?:\\$\\{AWS::Partition\\}|aws[a-z-]*):iam::(?:\\$\\{AWS::AccountId\\}|${ACCOUNT_ID}):(?:oidc-provider|saml-provider)\\/[\\w./:-]+$`,
);

/** The identity providers, by ARN, through which a trust policy lets anyone in. Whatever the document is, it never throws. */
export function trustedProviders(document: Json): readonly string[] {
  if (!isObject(document)) return [];
  const federated = listed(document['Statement']).flatMap((statement) => {
    if (!isObject(statement) || statement['Effect'] !== 'Allow') return [];
    const principal = statement['Principal'];
    return principal !== undefined && isObject(principal) ? listed(principal['Federated']) : [];
  });
  return [...new Set(federated.filter(isProviderArn))];
}

function listed(json: Json | undefined): readonly Json[] {
  if (json === undefined) return [];
  return isList(json) ? json : [json];
}

// Others, such as accounts.google.com, have nothing in the account that could change.
function isProviderArn(json: Json): json is string {
  return typeof json === 'string' && PROVIDER_ARN.test(json);
}
