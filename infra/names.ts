/**
 * Names that must be known before the deployment. Roles: the spec may not declare them and the function's own
 * permissions deny them, both by the prefix. Functions: CloudTrail shows the function's name as the session's name, so
 * people recognise our changes by it.
 */
export const ownRoleNames = {
  remediate: 'IamDriftRemediatorRemediate',
  resync: 'IamDriftRemediatorResync',
  notify: 'IamDriftRemediatorNotify',
  schedule: 'IamDriftRemediatorSchedule',
  operator: 'IamDriftRemediatorOperator',
  /** Only with the setting `canary`. */
  canary: 'IamDriftRemediatorCanary',
} as const;

/** What the names of the roles begin with that send events of other regions here; the region follows. */
export const FORWARDING_ROLE_PREFIX = 'IamDriftRemediatorForwarding-';

/** The stacks of other regions begin with it, and so does what CloudFormation names in them. */
export const FORWARDING_STACK = 'IamDriftForwarding';

export type FunctionName = 'remediate' | 'resync' | 'notify' | 'canary';

export const functionNames: Readonly<Record<FunctionName, string>> = {
  remediate: 'iam-drift-remediate',
  resync: 'iam-drift-resync',
  notify: 'iam-drift-notify',
  canary: 'iam-drift-canary',
};

/** The kill switch, known to operators by this name. */
export const KILL_SWITCH_PARAMETER = '/iam-drift/kill-switch';

/** The managed policy that keeps the canary role from doing anything. */
export const CANARY_BOUNDARY_NAME = 'iam-drift-canary';

/** Where operators' command line finds the parts of the stack. */
export const INSTALLATION_PARAMETER = '/iam-drift/installation';

/** What the names of all our alarms begin with. */
export const ALARM_PREFIX = 'iam-drift-';

/** Those of the stacks of other regions: `iam-drift-forwarding-eks-changes-dead-letters`. */
export const FORWARDING_ALARM_PREFIX = `${ALARM_PREFIX}forwarding-`;
