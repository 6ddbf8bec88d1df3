import { MalformedPolicyError } from '../../../shared/errors.ts';
import type { AccessDelta, Json } from '../../../shared/model.ts';
import { kindOf } from '../../../shared/policy/document.ts';
import { comparePolicies } from '../../../shared/policy/equal.ts';
import { explainAccess } from '../../../shared/policy/explain.ts';
import type { PolicyKind } from '../../../shared/policy/parse.ts';
import { parsePolicy, parsePolicyText } from '../../../shared/policy/parse.ts';
import { defineCommand } from '../command.ts';
import type { Io, Output } from '../io.ts';
import { decodeText, readInput } from '../read-input.ts';
import { bold, dim, green, yellow } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import { accessLines } from '../access-lines.ts';
import { UsageError } from '../usage-error.ts';

/** Compares two policy documents by meaning. */
export const compare = defineCommand({
  name: 'compare',
  usage: 'A B [--kind trust|identity]',
  details: [
    'A is what is expected, B what is there: gained is what B allows and A does not. Either may be "-" for stdin, and ' +
      'percent-encoded as IAM returns it. Exit code 0: they mean the same; 2: they differ; 1: one of them cannot be read.',
  ],
  options: {
    kind: { value: 'KIND', summary: 'trust or identity; else told by whether there is a Principal' },
  },
  positionals: { min: 2, max: 2 },
  examples: [
    'iam-drift compare declared.json live.json',
    'aws iam get-role --role-name app --query Role.AssumeRolePolicyDocument | iam-drift compare declared.json -',
  ],
  run: async (io, args) => {
    const [nameA = '', nameB = ''] = args.positionals;
    if (nameA === '-' && nameB === '-') throw new UsageError('compare: only one of A and B can be "-"');
    const a = await readPolicy(io, nameA);
    const b = await readPolicy(io, nameB);
    const kind = kindFrom(args.text('kind')) ?? (kindOf(a) === 'trust' ? 'trust' : kindOf(b));
    // A fault must name its document; compared together, nobody could tell whose it is.
    refuseMalformed(nameA, () => parsePolicy(a, kind));
    refuseMalformed(nameB, () => parsePolicy(b, kind));
    const { equivalent, identical } = comparePolicies(a, b, { kind });
    const access = explainAccess(a, b, { kind });
    if (args.flag('json')) io.stdout.json({ equivalent, identical, access });
    else show(io.stdout, { equivalent, identical, access });
    return equivalent ? 0 : 2;
  },
});

async function readPolicy(io: Io, name: string): Promise<Json> {
  const shown = name === '-' ? 'stdin' : name;
  const text = decodeText(await readInput(io, name), name);
  if (text.trim() === '') throw new UsageError(`${shown}: is empty`);
  if (text.startsWith('\uFEFF')) {
    throw new UsageError(
      `${shown}: begins with a byte order mark, which IAM refuses: save it as UTF-8 without one`,
    );
  }
  const document = refuseMalformed(name, () => parsePolicyText(text));
  const query = queryForDocument(document);
  if (query === null) return document;
  throw new UsageError(
    `${shown}: is a whole answer of IAM, and the policy document is a part of it: add --query ${query} to the aws command`,
  );
}

/** What `aws iam get-role`, `get-policy-version` and `get-role-policy` print without `--query`. */
function queryForDocument(answer: Json): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  if ('Role' in answer) return 'Role.AssumeRolePolicyDocument';
  if ('PolicyVersion' in answer) return 'PolicyVersion.Document';
  return 'PolicyDocument' in answer ? 'PolicyDocument' : null;
}

function refuseMalformed<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof MalformedPolicyError)) throw cause;
    throw new UsageError(`${name === '-' ? 'stdin' : name}: ${cause.message}`, { cause });
  }
}

function kindFrom(text: string | null): PolicyKind | null {
  if (text === null || text === 'trust' || text === 'identity') return text;
  throw new UsageError(`compare: --kind is trust or identity, not "${text}"`);
}

function show(
  output: Output,
  { equivalent, identical, access }: { equivalent: boolean; identical: boolean; access: AccessDelta },
): void {
  if (identical) output.line(green('='), ' ', bold('identical'));
  else if (equivalent)
    output.line(green('='), ' ', bold('equivalent'), dim(': written differently, the same meaning'));
  else output.line(yellow('≠'), ' ', bold('different'));
  for (const line of accessLines(access, '  ', output.columns)) output.line(...line);
  if (!equivalent && access.gained.length + access.lost.length === 0) {
    const remark = 'No access gained or lost that could be put into words: look at the documents.';
    for (const line of wrap(['  '], [dim(remark)], output.columns)) output.line(...line);
  }
}
