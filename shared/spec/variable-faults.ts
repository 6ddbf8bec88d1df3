import { didYouMean } from './did-you-mean.ts';
import type { JsonText } from './json-texts.ts';
import { type FaultDraft, quote } from './spec-fault.ts';
import { variables } from './variables.ts';

const listed = variables.map((name) => `\${${name}}`).join(', ');

/**
 * Variables that look like CloudFormation's and are not among ours. IAM's own policy variables (`${aws:username}`) have
 * one colon and pass.
 */
export function variableFaults({ path, text, isKey }: JsonText): readonly FaultDraft[] {
  const found = text.matchAll(/\$\{(aws::?[^${}]*)(\}?)/gi);
  return [...found].flatMap(([whole, name = '', end]) => {
    const isOurs = variables.some((variable) => variable === name);
    if (isOurs && end === '}') return [];
    const meant = variables.find(
      (variable) => variable.replace('::', ':').toLowerCase() === name.replace('::', ':').toLowerCase(),
    );
    if (!/^aws::/i.test(name) && meant === undefined) return [];
    return [
      {
        path,
        atKey: isKey,
        message:
          end === '}' ? `unknown variable ${quote(whole)}` : `the variable ${quote(whole)} is not closed`,
        remedy: remedyFor(meant ?? didYouMean(name, variables)),
      },
    ];
  });
}

function remedyFor(meant: string | null): string {
  return meant === null ? `a spec may use ${listed}` : `did you mean "\${${meant}}"?`;
}
