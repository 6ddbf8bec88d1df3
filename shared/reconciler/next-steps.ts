import { isInPlace } from '../change-outcome.ts';
import { makersOf, mayHaveMade } from '../aspects/made-by.ts';
import type { AppliedChange, ReconcileReport } from '../model.ts';
import { operatorCommand } from '../operator-command.ts';
import { nameOf } from '../policy/names.ts';
import { noTemplate } from './creation-template.ts';
import { type ClosedGains, closedGainsOf, isUnseen } from './exposure.ts';
import type { ReportInput } from './report.ts';

/** What a person should do now, most urgent first. Empty when there is nothing left to do. */
export function nextSteps(input: ReportInput, exposure: ReconcileReport['exposure']): readonly string[] {
  const steps = [
    ...(input.verified === false && !input.applied.some(({ sinceCrash }) => sinceCrash === 'unseen')
      ? [
          'The second read does not confirm the changes: look at the role now; it is read again by itself in half a minute',
        ]
      : []),
    ...afterExposure(input, exposure),
    ...whoeverItWas(input),
    ...input.applied.flatMap(afterFailure),
    ...input.applied.flatMap(({ remedy }) => remedy ?? []),
    ...input.applied.flatMap(({ change }) => change.difference.advice ?? []),
    ...afterDeletion(input),
    ...keepIt(input),
  ];
  return [...new Set(steps.map(asSentence))];
}

function asSentence(step: string): string {
  return step.startsWith('iam-drift ') ? step : `${step.charAt(0).toUpperCase()}${step.slice(1)}`;
}

/** A revert does not end sessions that were opened meanwhile: they live until they expire, twelve hours at most. */
function afterExposure(input: ReportInput, exposure: ReconcileReport['exposure']): readonly string[] {
  return [...stillOpen(input, exposure), ...afterClosing(closedGainsOf(input), input)];
}

function stillOpen(input: ReportInput, exposure: ReconcileReport['exposure']): readonly string[] {
  if (exposure === null || exposure.to !== null || isSpecSuspect(input)) return [];
  const gained = `the access gained since ${clockTime(exposure.from, input.endedAt.toISOString())}`;
  return isUnseen(input)
    ? [`Nobody has seen whether ${gained} still stands: look at the role`]
    : [`${gained} still stands: close it`];
}

/** Whoever touched the role when it was found open must not pass for him who opened it, whose event is late or lost. */
function whoeverItWas(input: ReportInput): readonly string[] {
  const { drift, request, observed } = input;
  const { causes } = request;
  const opened = drift.differences.find(({ access }) => access.gained.length > 0);
  if (opened === undefined || causes.length === 0 || isSpecSuspect(input)) return [];
  if (causes.some(({ eventName }) => mayHaveMade(eventName, opened.aspect))) return [];
  const names = makersOf(opened.aspect).slice(0, 3).join(', ');
  if (names === '') return [];
  return [
    `Who gave this access is not known yet, for none of these events can have: look in CloudTrail for ${names} on ${observed?.ref.roleName ?? 'the role'}`,
  ];
}

/** For nothing else the guard of many roles holds what closes: perhaps nobody has gained anything, and the spec is wrong. */
function isSpecSuspect({ applied }: ReportInput): boolean {
  return applied.some(({ heldBy, change }) => heldBy === 'blastRadius' && change.effect === 'closes');
}

function afterClosing(closed: ClosedGains | null, { observed }: ReportInput): readonly string[] {
  if (closed === null) return [];
  const name = observed?.ref.roleName ?? 'the role';
  const isWithinASecond = closed.from.slice(0, 19) === closed.to.slice(0, 19);
  const to = isWithinASecond ? nextSecond(closed.to) : closed.to;
  const span = `between ${clockTime(closed.from, to)} and ${clockTime(to, closed.from)}`;
  const who = newlyTrusted(closed);
  const options = [`--before ${nextSecond(closed.to)}`];
  const command = operatorCommand('revoke-sessions', { roleName: name, options });
  return who.length === 0
    ? [`Sessions of ${name} could use the gained access ${span}: look in CloudTrail for what they did`]
    : [
        `Sessions of ${name} that ${who.join(', ')} opened ${span} live on until they expire; to end them: ${command}`,
      ];
}

/** Who could enter, as people call them. */
function newlyTrusted({ differences }: ClosedGains): readonly string[] {
  const principals = differences.flatMap(({ access }) =>
    access.gained.flatMap(({ principal }) => principal ?? []),
  );
  return [...new Set(principals.map((principal) => nameOf(principal, []).name))];
}

/** Sessions that were issued within the last second of the exposure must be cut off, too. */
function nextSecond(iso: string): string {
  return new Date(Math.floor(Date.parse(iso) / 1000) * 1000 + 1000).toISOString().replace('.000Z', 'Z');
}

/** With the day, where that is not the other time's: what is held may stand open for days. */
function clockTime(iso: string, other: string): string {
  const [day, clock] = [iso.slice(0, 10), iso.slice(11, 19)];
  return day === other.slice(0, 10) ? clock : `${day} ${clock}`;
}

function afterDeletion({ recipe, incidentId, desired, applied }: ReportInput): readonly string[] {
  // What was done about a deleted role is that it was created again.
  const isThereAgain = applied.some(isInPlace);
  if (!recipe || desired === null || isThereAgain) return [];
  const { roleName } = desired.ref;
  const command = operatorCommand('recreate', { roleName, options: [`--incident ${incidentId}`] });
  const asWhat =
    recipe.from === 'declaration'
      ? 'as it is declared'
      : 'as it is declared, and otherwise as it was last seen in sync,';
  if (recipe.cloudFormation === null)
    return [
      `A script that creates ${roleName} ${asWhat} is in this report, and no CloudFormation template: ${noTemplate}; to print it: ${command}`,
    ];
  return [
    `What creates ${roleName} ${asWhat} is in this report; to print the script, or with --cloudformation the template: ${command}`,
  ];
}

function afterFailure({ outcome, error, reason, change }: AppliedChange): readonly string[] {
  if (outcome !== 'failed') return [];
  if (reason !== null) return [reason];
  const code = error?.split(':', 1)[0] ?? '';
  return [
    `Could not ${change.summary}: ${REMEDIES.get(code) ?? 'it is tried again, and then kept in the dead-letter queue'}`,
  ];
}

const REMEDIES = new Map([
  [
    'LimitExceeded',
    'a quota of IAM is reached; detach a policy that is not declared, or have the quota raised',
  ],
  ['NoSuchEntity', 'IAM does not know the role or the policy; create it, or correct the spec'],
  ['MalformedPolicyDocument', 'IAM refuses the declared document; correct it in the spec'],
  ['PolicyNotAttachable', 'this policy is reserved for a service-linked role; remove it from the spec'],
  ['UnmodifiableEntity', 'only AWS may change this role; remove it from the spec'],
  ['InvalidInput', 'IAM refuses the declared value; correct it in the spec'],
  ['ValidationError', 'IAM refuses the declared value; correct it in the spec'],
]);

function keepIt({ desired, observed, drift, applied }: ReportInput): readonly string[] {
  if (desired === null || drift.differences.length === 0) return [];
  const role = observed?.ref.roleName ?? desired.ref.roleName;
  if (drift.status === 'DELETED')
    return [
      `If the deletion was wanted, remove ${role} from the spec, at ${desired.spec.file}:${desired.spec.line}`,
    ];
  const declareIt = `If the change was wanted, declare it at ${desired.spec.file}:${desired.spec.line}`;
  const options = ['--for 2h', '--reason "…"'];
  // It stays as it is anyway; of what is exempted, the exemption itself says how it ends.
  const isLeft =
    applied.every(({ heldBy }) => heldBy === 'mode' || heldBy === 'spec') ||
    applied.some(({ heldBy }) => heldBy === 'exemption');
  return isLeft
    ? [declareIt]
    : [`${declareIt}; to keep it until then: ${operatorCommand('exempt', { roleName: role, options })}`];
}
