import type { Actor } from '../model.ts';
import { field, fieldAt, flagOf, idOf, textOf } from './fields.ts';

/**
 * Who made the call that `record` tells of. Never throws: an actor that cannot be read must not keep a role from being looked at.
 * Source: AWS CloudTrail user guide, "CloudTrail userIdentity element".
 */
export function actorOf(record: unknown): Actor {
  const identity = field(record, 'userIdentity');
  const arn = textOf(field(identity, 'arn'));
  return {
    type: textOf(field(identity, 'type')) ?? 'Unknown',
    arn,
    accountId: idOf(field(identity, 'accountId')),
    userName: idOf(field(identity, 'userName')),
    sessionName: sessionNameOf(arn),
    issuerArn: textOf(fieldAt(identity, 'sessionContext', 'sessionIssuer', 'arn')),
    accessKeyId: textOf(field(identity, 'accessKeyId')),
    invokedBy: textOf(field(identity, 'invokedBy')),
    sourceIpAddress: textOf(field(record, 'sourceIPAddress')),
    userAgent: textOf(field(record, 'userAgent')),
    mfa: flagOf(fieldAt(identity, 'sessionContext', 'attributes', 'mfaAuthenticated')),
  };
}

/** `arn:aws:sts::111122223333:assumed-role/deployer/ci-42` → `ci-42`. The role is told without its path there. */
function sessionNameOf(arn: string | null): string | null {
  return /^arn:[^:]*:sts::[^:]*:assumed-role\/[^/]+\/(.+)$/su.exec(arn ?? '')?.[1] ?? null;
}
