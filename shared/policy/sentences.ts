import { conditionText } from './canonical.ts';
import type { Finding } from './findings.ts';
import { type Circumstances, implies, operatorOf } from './implication.ts';
import { nameOf } from './names.ts';
import type { Condition } from './parse.ts';
import { patternText } from './pattern.ts';
import { absent } from './rules.ts';
import { isUniqueId } from './unique-id.ts';

/** How a text was spelled in the documents, by its canonical spelling. */
export type Spelling = (canonical: string) => string;

export interface Telling {
  readonly direction: 'gained' | 'lost';
  /** false: it says "may". */
  readonly isCertain: boolean;
  readonly spelling: Spelling;
}

const maxListed = 6;

/** One sentence, for people: who (or this role) can now, or can no longer, do what, and when. */
export function sentence(finding: Finding, telling: Telling): string {
  const { name, told } = subject(finding);
  const { when, otherwise, through } = finding;
  const untold = (circumstances: Circumstances) => circumstances.filter(({ key }) => !told.has(key));
  const words = (circumstances: Circumstances) => conditionWords(untold(circumstances), telling.spelling);
  const deed = deedOf(finding, telling);
  const isGain = telling.direction === 'gained';
  // A unique id stands where a principal was deleted; a foreign id that is alive looks the same.
  const isDeleted = isUniqueId(finding.principal.slice('AWS:'.length));
  const can = telling.isCertain && !isDeleted ? 'can' : 'may';
  const ending = isDeleted ? '; this principal was deleted (or recreated)' : '';
  const now = `${name} ${can} ${isGain ? 'now' : 'no longer'} ${deed}`;
  if (through === 'unspoken') {
    const denied = isGain ? 'is no longer explicitly denied to' : 'is now explicitly denied to';
    return `${name} ${denied} ${deed}${prefixed(' when ', words(when))}${ending}`;
  }
  if (through === 'undenied')
    return `${now}${prefixed(isGain ? ' even when ' : ' when ', words(when))}${ending}`;
  const compared = otherwise.filter((narrower) => implies(narrower, when));
  if (compared.length > 0) {
    // Only what differs, even of what the name tells: the name says nothing of the other side.
    const there = compared
      .map((circumstances) => conditionWords(apartFrom(circumstances, when), telling.spelling))
      .join(', or when ');
    const here = when.length === 0 ? ' without condition' : prefixed(' when ', words(when));
    return `${now}${here}, ${isGain ? 'no longer ' : ''}only when ${there}${ending}`;
  }
  if (otherwise.length > 0) return `${now}${prefixed(' when ', words(when))}${ending}`;
  return `${now}${prefixed(isGain ? ', only when ' : ', which it could when ', words(when))}${ending}`;
}

function apartFrom(circumstances: Circumstances, shared: Circumstances): Circumstances {
  const known = new Set(shared.map(conditionText));
  return circumstances.filter((condition) => !known.has(conditionText(condition)));
}

function subject(finding: Finding) {
  const { principal, rule, when } = finding;
  const excluded = rule.statement.notPrincipal;
  if (rule.principal.isNegated && excluded !== null)
    return {
      name: `anyone but ${excluded.map((one) => nameOf(one, []).name).join(' and ')}`,
      told: new Set<string>(),
    };
  return principal === absent ? { name: 'this role', told: new Set<string>() } : nameOf(principal, when);
}

function deedOf(finding: Finding, { spelling }: Telling): string {
  const { statement, action, resource } = finding.rule;
  const notAction = action.isNegated ? statement.notAction : null;
  const notResource = resource.isNegated ? statement.notResource : null;
  const isRest = notAction !== null && finding.actions.includes('*');
  const actions = finding.actions.map(spelling);
  const isTrust = finding.principal !== absent && finding.resource === absent;
  if (isTrust && !isRest) return trustDeed(finding.principal, actions);
  const deed = isRest
    ? `do every action except ${listed(notAction.map(spelling))}`
    : `do ${listed(actions.map(actionWords))}`;
  if (isTrust) return `${deed} on this role`;
  if (finding.resource === absent) return deed;
  if (notResource !== null && finding.resource === '*')
    return `${deed} on every resource except ${listed(notResource)}`;
  return `${deed} on ${finding.resource === '*' ? 'every resource' : patternText(finding.resource)}`;
}

function actionWords(action: string): string {
  if (action === '*') return 'every action';
  if (action === absent) return 'what no action says';
  const service = /^([^:*?]+):\*$/.exec(action)?.[1];
  return service === undefined ? action : `every ${service} action`;
}

function trustDeed(principal: string, actions: readonly string[]): string {
  const isFederated = principal.startsWith('Federated:');
  const words = new Set(
    actions.map(
      (action) => trustWords(action.toLowerCase(), isFederated) ?? `do ${actionWords(action)} on this role`,
    ),
  );
  return listed([...words]);
}

function trustWords(action: string, isFederated: boolean): string | null {
  if (action === 'sts:assumerole') return 'assume this role';
  if (action === 'sts:assumerolewithwebidentity')
    return isFederated ? 'assume this role' : 'assume this role with a web identity';
  if (action === 'sts:assumerolewithsaml')
    return isFederated ? 'assume this role' : 'assume this role with SAML';
  if (action === 'sts:tagsession') return 'tag sessions of this role';
  if (action === 'sts:setsourceidentity') return 'set a source identity for this role';
  return action === 'sts:setcontext' ? 'set a context for sessions of this role' : null;
}

const verbs = new Map([
  ['stringlike', 'is like'],
  ['arnlike', 'is like'],
  ['stringnotlike', 'is not like'],
  ['arnnotlike', 'is not like'],
  ['ipaddress', 'is within'],
  ['notipaddress', 'is not within'],
  ['numericlessthan', 'is less than'],
  ['numericlessthanequals', 'is at most'],
  ['numericgreaterthan', 'is more than'],
  ['numericgreaterthanequals', 'is at least'],
  ['datelessthan', 'is before'],
  ['datelessthanequals', 'is not after'],
  ['dategreaterthan', 'is after'],
  ['dategreaterthanequals', 'is not before'],
]);

/** "aws:SourceAccount is "123456789012" and aws:MultiFactorAuthPresent is "true""; empty for no condition. */
function conditionWords(circumstances: Circumstances, spelling: Spelling): string {
  return circumstances.map((condition) => oneCondition(condition, spelling)).join(' and ');
}

function oneCondition(condition: Condition, spelling: Spelling): string {
  const { name, quantifier, ifExists, isNegated } = operatorOf(condition);
  const key = spelling(condition.key);
  if (name === 'null') return `${key} is ${condition.values.includes('true') ? 'absent' : 'present'}`;
  const all =
    new Map([
      ['foranyvalue:', 'any of '],
      ['forallvalues:', 'each of '],
    ]).get(quantifier) ?? '';
  const isText = !/^(?:bool|numeric)/.test(name);
  const values = condition.values.map((value) =>
    isText ? JSON.stringify(patternText(value)) : patternText(value),
  );
  const verb = verbs.get(name) ?? (isNegated ? 'is not' : 'is');
  const either = values.length === 0 ? 'nothing' : values.join(isNegated ? ' nor ' : ' or ');
  return `${all}${key} ${verb} ${either}${ifExists ? ' (if present)' : ''}`;
}

function listed(items: readonly string[]): string {
  if (items.length > maxListed)
    return `${items.slice(0, maxListed - 1).join(', ')} and ${items.length - maxListed + 1} more`;
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

function prefixed(prefix: string, words: string): string {
  return words === '' ? '' : `${prefix}${words}`;
}
