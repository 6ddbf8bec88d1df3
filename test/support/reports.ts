import type {
  Access,
  Actor,
  Cause,
  ReconcileReport,
  ReportedChange,
  ReportedDifference,
} from '../../shared/model.ts';
import type { FoundChange } from '../../shared/ports/ledger.ts';

/** An IAM user at her desk. */
export function anActor(overrides: Partial<Actor> = {}): Actor {
  return {
    type: 'IAMUser',
    arn: 'arn:aws:iam::111122223333:user/alice',
    accountId: '111122223333',
    userName: 'alice',
    sessionName: null,
    issuerArn: null,
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    invokedBy: null,
    sourceIpAddress: '192.0.2.20',
    userAgent: 'aws-cli/2.17.0',
    mfa: false,
    ...overrides,
  };
}

export function aCause(overrides: Partial<Cause> = {}): Cause {
  return {
    eventId: '6a1e4a5e-0f4c-4a36-9d0e-5b8f6f3f2a10',
    eventName: 'UpdateAssumeRolePolicy',
    eventTime: '2026-03-01T12:24:11Z',
    region: 'us-east-1',
    actor: anActor(),
    ...overrides,
  };
}

export function anAccess(overrides: Partial<Access> = {}): Access {
  return {
    principal: 'AWS:arn:aws:iam::444455556666:root',
    actions: ['sts:AssumeRole'],
    conditions: {},
    text: 'account 444455556666 can now assume this role',
    ...overrides,
  };
}

const trust = (principal: Record<string, string>) => ({
  Effect: 'Allow',
  Principal: principal,
  Action: 'sts:AssumeRole',
});

/** A trust policy with one principal too many. */
export function aDifference(overrides: Partial<ReportedDifference> = {}): ReportedDifference {
  return {
    aspect: 'trustPolicy',
    path: 'trustPolicy',
    type: 'NOT_EQUAL',
    mode: 'enforce',
    expected: { Version: '2012-10-17', Statement: [trust({ Service: 'ec2.amazonaws.com' })] },
    actual: {
      Version: '2012-10-17',
      Statement: [trust({ Service: 'ec2.amazonaws.com' }), trust({ AWS: 'arn:aws:iam::444455556666:root' })],
    },
    access: { gained: [anAccess()], lost: [] },
    ...overrides,
  };
}

/** A difference as the ledger keeps it until people are told. */
export function aFoundChange(overrides: Partial<ReportedDifference> = {}): FoundChange {
  const { action, summary, effect } = aChange();
  const more = { leftBySpec: null, forbidden: false, advice: null, severity: null };
  const admitted = { heldBy: null, reason: null, dueAt: null, declared: 'digest' };
  return { difference: { ...aDifference(overrides), ...more }, action, summary, effect, ...admitted };
}

export function aChange(overrides: Partial<ReportedChange> = {}): ReportedChange {
  return {
    aspect: 'trustPolicy',
    action: 'iam:UpdateAssumeRolePolicy',
    summary: 'put the declared trust policy back',
    effect: 'closes',
    outcome: 'applied',
    heldBy: null,
    reason: null,
    dueAt: null,
    error: null,
    ...overrides,
  };
}

/** A backdoor in a trust policy, reverted within two seconds and verified. */
export function aReport(overrides: Partial<ReconcileReport> = {}): ReconcileReport {
  return {
    schemaVersion: '1',
    id: '01JC9ZK4T0V5N8Q2W7E3R6Y1UA',
    incidentId: '111122223333/deploy/01JC9ZK4T0',
    time: '2026-03-01T12:24:13.102Z',
    trigger: 'event',
    spec: { version: 'sha256:5f1c9a', file: 'roles.yaml', line: 4 },
    role: { accountId: '111122223333', roleName: 'deploy', arn: 'arn:aws:iam::111122223333:role/deploy' },
    causes: [aCause()],
    severity: 'critical',
    mode: 'enforce',
    drift: { status: 'MODIFIED', differences: [aDifference()] },
    changes: [aChange()],
    outcome: 'remediated',
    verified: true,
    exposure: { from: '2026-03-01T12:24:11Z', to: '2026-03-01T12:24:12.874Z' },
    nextSteps: ['If the change was wanted, declare it at roles.yaml:4'],
    eventToFixMs: 1874,
    durationMs: 212,
    ...overrides,
  };
}

/** A role that was deleted, and that the product has created again. */
export function aRecreatedReport(): ReconcileReport {
  const gone = 'nothing can assume gone any more: the role does not exist';
  return aReport({
    role: { accountId: '111122223333', roleName: 'gone', arn: null },
    causes: [aCause({ eventName: 'DeleteRole' })],
    severity: 'medium',
    drift: {
      status: 'DELETED',
      differences: [
        aDifference({
          aspect: 'role',
          path: 'role',
          type: 'REMOVE',
          expected: 'gone',
          actual: null,
          access: { gained: [], lost: [{ resource: 'gone', actions: [], conditions: {}, text: gone }] },
        }),
      ],
    },
    changes: [
      aChange({
        aspect: 'role',
        action: 'iam:CreateRole',
        summary: 'create the role again',
        effect: 'restores',
      }),
    ],
    exposure: null,
    eventToFixMs: 900_000,
  });
}

/** The worker policy detached from a node role: nothing gained, something lost, put back by hand of nobody yet. */
export function aHeldReport(): ReconcileReport {
  const arn = 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy';
  return aReport({
    role: {
      accountId: '111122223333',
      roleName: 'eksNodeRole',
      arn: 'arn:aws:iam::111122223333:role/eksNodeRole',
    },
    causes: [aCause({ eventName: 'DetachRolePolicy', actor: anActor({ mfa: true }) })],
    severity: 'medium',
    drift: {
      status: 'MODIFIED',
      differences: [
        aDifference({
          aspect: 'managedPolicies',
          path: `managedPolicies[${arn}]`,
          type: 'REMOVE',
          expected: arn,
          actual: null,
          access: {
            gained: [],
            lost: [
              {
                resource: '*',
                actions: [],
                conditions: {},
                text: 'this role can no longer do what AmazonEKSWorkerNodePolicy allows',
              },
            ],
          },
        }),
      ],
    },
    changes: [
      aChange({
        aspect: 'managedPolicies',
        action: 'iam:AttachRolePolicy',
        summary: 'attach AmazonEKSWorkerNodePolicy',
        effect: 'restores',
        outcome: 'held',
        heldBy: 'grace',
        reason: 'a deployment may still be at work on this role',
        dueAt: '2026-03-01T12:29:11Z',
      }),
    ],
    outcome: 'held',
    verified: null,
    exposure: null,
    eventToFixMs: null,
  });
}

/** Two policies in the way of a role that is only watched. */
export function aDetectedReport(): ReconcileReport {
  const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  return aReport({
    trigger: 'resync',
    causes: [],
    severity: 'high',
    mode: 'detect',
    drift: {
      status: 'MODIFIED',
      differences: [
        aDifference({
          aspect: 'managedPolicies',
          path: `managedPolicies[${arn}]`,
          type: 'ADD',
          mode: 'detect',
          expected: null,
          actual: arn,
          access: {
            gained: [
              {
                resource: '*',
                actions: ['*'],
                conditions: {},
                text: 'this role can now do everything in the account (AdministratorAccess)',
              },
            ],
            lost: [],
          },
        }),
        aDifference({
          aspect: 'maxSessionDuration',
          path: 'maxSessionDuration',
          mode: 'detect',
          expected: 3600,
          actual: 43_200,
          access: { gained: [], lost: [] },
        }),
      ],
    },
    changes: [
      aChange({
        aspect: 'managedPolicies',
        action: 'iam:DetachRolePolicy',
        summary: `detach AdministratorAccess`,
        outcome: 'held',
        heldBy: 'mode',
        reason: 'mode is detect',
      }),
      aChange({
        aspect: 'maxSessionDuration',
        action: 'iam:UpdateRole',
        summary: 'set the maximum session duration to 3600 s',
        outcome: 'held',
        heldBy: 'mode',
        reason: 'mode is detect',
      }),
    ],
    outcome: 'detected',
    verified: null,
    exposure: { from: '2026-03-01T12:24:11Z', to: null },
    eventToFixMs: null,
  });
}

/** One closing change refused by IAM, one done. */
export function aPartlyRemediatedReport(): ReconcileReport {
  return aReport({
    outcome: 'partly-remediated',
    changes: [
      aChange(),
      aChange({
        aspect: 'managedPolicies',
        action: 'iam:AttachRolePolicy',
        summary: 'attach ReadOnlyAccess',
        effect: 'restores',
        outcome: 'failed',
        error: 'LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10',
      }),
    ],
  });
}
