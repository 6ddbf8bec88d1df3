import type { Json, JsonObject } from '../model.ts';
import { at, listed, type Path, type PolicyFault, refused } from './fault.ts';
import { isObject } from './parse.ts';

// IAM user guide, JSON policy elements: condition operators; set operators; …IfExists.
const operator =
  /^(?:ForAnyValue:|ForAllValues:)?(?:(?:StringEquals|StringNotEquals|StringEqualsIgnoreCase|StringNotEqualsIgnoreCase|StringLike|StringNotLike|NumericEquals|NumericNotEquals|NumericLessThan|NumericLessThanEquals|NumericGreaterThan|NumericGreaterThanEquals|DateEquals|DateNotEquals|DateLessThan|DateLessThanEquals|DateGreaterThan|DateGreaterThanEquals|Bool|BinaryEquals|IpAddress|NotIpAddress|ArnEquals|ArnLike|ArnNotEquals|ArnNotLike)(?:IfExists)?|Null)$/i;

/** Faults of a statement's Condition, alike for every kind of policy. */
export function conditionFaults(statement: JsonObject, path: Path): PolicyFault[] {
  const condition = statement['Condition'];
  if (condition === undefined) return [];
  const place = at(path, 'Condition');
  if (!isObject(condition)) {
    return [
      syntax(
        place,
        'Condition must be an object',
        'write Condition: {StringEquals: {"aws:SourceAccount": "…"}}',
      ),
    ];
  }
  return Object.entries(condition).flatMap(([name, keys]) => operatorFaults(name, keys, at(place, name)));
}

function operatorFaults(name: string, keys: Json, path: Path): PolicyFault[] {
  if (!operator.test(name)) {
    return [
      refused(
        path,
        `${JSON.stringify(name)} is no condition operator`,
        `Invalid Condition type : ${name}.`,
        "use one of IAM's operators, such as StringEquals",
      ),
    ];
  }
  if (!isObject(keys))
    return [syntax(path, 'an operator holds keys with values', `write ${name}: {"aws:SourceAccount": "…"}`)];
  return Object.entries(keys).flatMap(([key, values]) => keyFaults(key, values, at(path, key)));
}

function keyFaults(key: string, values: Json, path: Path): PolicyFault[] {
  if (!key.includes(':')) {
    const message = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
    return [
      refused(
        path,
        `${JSON.stringify(key)} is no condition key`,
        message,
        'write the prefix too, such as aws:SourceArn',
      ),
    ];
  }
  return listed(values, path).flatMap(({ item, path: place }) => valueFaults(key, item, place));
}

function valueFaults(key: string, value: Json, path: Path): PolicyFault[] {
  if (typeof value === 'string' || typeof value === 'boolean') return [];
  if (typeof value !== 'number')
    return [syntax(path, 'a condition value must be text, a number or a Boolean', 'write it in quotes')];
  if (!/account/i.test(key)) return [];
  return [
    {
      path,
      message: `the account id ${value} is a number here, and leading zeros are lost`,
      iamCode: null,
      iamMessage: null,
      remedy: 'write it in quotes, with all 12 digits',
    },
  ];
}

function syntax(path: Path, message: string, remedy: string): PolicyFault {
  return refused(path, message, 'Syntax errors in policy.', remedy);
}
