import { TagRoleCommand, UntagRoleCommand } from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import type { Access } from '../model.ts';
import { defineAspect } from './define.ts';
import type { DeclarationFault, DifferenceDraft } from './definition.ts';
import { iamCall } from './iam-call.ts';

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const refusal = 'holds a character that IAM does not take in a tag';

const key = z.string().check(z.minLength(1), z.maxLength(128), z.regex(allowed, refusal));
const value = z.string().check(z.maxLength(256), z.regex(allowed, refusal));
const schema = z.record(key, value);

/** A list, not a record: whoever tags the role chooses the keys, and no name may fall through. */
const observed = z.array(z.object({ key: z.string(), value: z.string() }));

type Declared = z.infer<typeof schema>;
type Observed = z.infer<typeof observed>;

/** The declared tags; others are nobody's business. IAM tells keys apart ignoring case, and so is it here. */
export const tags = defineAspect<Declared, Observed>({
  name: 'tags',
  docs: {
    watched: 'the declared tag keys and their values',
    neverReverted: 'tags with other keys, which belong to others',
  },
  schema,
  observed,
  triggers: [{ eventSource: 'iam.amazonaws.com', eventNames: ['TagRole', 'UntagRole'] }],
  actions: { observe: ['iam:GetRole'], revert: ['iam:TagRole'] },
  merge: (preset, own) => {
    const ours = new Set(Object.keys(own).map((name) => name.toLowerCase()));
    const others = Object.entries(preset).filter(([name]) => !ours.has(name.toLowerCase()));
    return Object.fromEntries([...others, ...Object.entries(own)]);
  },
  faults: unusable,
  // GetRole tells all tags, with no further call.
  inRole: ({ Tags = [] }) => Tags.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value })),
  diff: (declared, actual) => drifted(declared, actual).map(toDifference),
  whenCreated: () => [],
  // AWS's own tags are nobody's to set.
  declare: (actual) =>
    Object.fromEntries(actual.flatMap((tag) => (isAwsOwn(tag.key) ? [] : [[tag.key, tag.value]]))),
  // One call for all: each difference answers the same one, and it is sent once.
  revert: ({ path }, declared, { roleName, observed: actual }) => ({
    action: 'iam:TagRole',
    summary: `set the tag ${keyIn(path)}`,
    // What it closes, nobody knows: too little to hold back, until it is done, what gives access back.
    effect: 'restores',
    call: iamCall(
      new TagRoleCommand({
        RoleName: roleName,
        Tags: drifted(declared, actual).map((tag) => ({ Key: tag.key, Value: tag.expected })),
      }),
    ),
  }),
  takeAway: ({ path }, { roleName: RoleName }) => ({
    action: 'iam:UntagRole',
    summary: `remove the tag ${keyIn(path)}`,
    effect: 'restores',
    call: iamCall(new UntagRoleCommand({ RoleName, TagKeys: [keyIn(path)] })),
  }),
});

function keyIn(path: string): string {
  return path.slice('tags['.length, -1);
}

interface DriftedTag {
  readonly key: string;
  readonly expected: string;
  /** null: there is no such tag. */
  readonly actual: string | null;
}

function drifted(declared: Declared, actual: Observed): readonly DriftedTag[] {
  return Object.entries(declared).flatMap(([name, expected]) => {
    const found = valueOf(name, actual);
    return found === expected ? [] : [{ key: name, expected, actual: found }];
  });
}

// IAM keeps one tag of a key in whatever case; should there be two, the one that is spelled as declared counts.
function valueOf(name: string, actual: Observed): string | null {
  const same = actual.filter((tag) => tag.key.toLowerCase() === name.toLowerCase());
  return (same.find((tag) => tag.key === name) ?? same[0])?.value ?? null;
}

/** Policies may ask for a role's tags (`aws:PrincipalTag`), and nobody knows here which do. */
function toDifference({ key: name, expected, actual }: DriftedTag): DifferenceDraft {
  const lost = [
    through(`this role may no longer do what policies allow to those with the tag ${name}=${expected}`),
  ];
  const path = `tags[${name}]`;
  return actual === null
    ? { path, type: 'REMOVE', expected, actual, access: { gained: [], lost } }
    : {
        path,
        type: 'NOT_EQUAL',
        expected,
        actual,
        access: {
          gained: [
            through(`this role may now do what policies allow to those with the tag ${name}=${actual}`),
          ],
          lost,
        },
        severity: 'medium',
      };
}

function through(text: string): Access {
  return { actions: [], conditions: {}, text };
}

function isAwsOwn(name: string): boolean {
  return /^aws:/i.test(name);
}

const MOST_TAGS = 50;

function unusable(declared: Declared): readonly DeclarationFault[] {
  const names = Object.keys(declared);
  const seen = new Set<string>();
  const faults: DeclarationFault[] = [];
  for (const name of names) {
    if (isAwsOwn(name))
      faults.push({
        path: [name],
        message: `the tag "${name}" begins with "aws:", and those are AWS's own`,
        remedy: 'remove it',
      });
    if (seen.has(name.toLowerCase()))
      faults.push({
        path: [name],
        message: `the tag "${name}" is declared twice: IAM tells tags apart ignoring case`,
        remedy: 'remove one of the two',
      });
    seen.add(name.toLowerCase());
  }
  if (names.length > MOST_TAGS)
    faults.push({
      path: [],
      message: `${names.length} tags are declared, and IAM takes ${MOST_TAGS} on a role`,
      remedy: 'declare fewer',
    });
  return faults;
}
