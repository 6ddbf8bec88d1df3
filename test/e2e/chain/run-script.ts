import { callsOf } from '../../support/aws-cli-script.ts';
import { queryCall } from '../moto/aws.ts';

/** Makes the calls of a script of AWS CLI commands, as the AWS CLI would. @throws with AWS's own message for one that is refused. */
export async function runScript(endpoint: string, script: string): Promise<readonly string[]> {
  const calls = (await callsOf(script)).filter(([command]) => !command.startsWith('iam wait '));
  for (const [command, input] of calls) {
    const Action = command
      .replace(/^iam /, '')
      .replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    await queryCall(endpoint, 'iam', { Action, Version: '2010-05-08', ...parameters(input) });
  }
  return calls.map(([command]) => command);
}

/** In the form of a query API: `Tags.member.1.Key`. */
function parameters(value: unknown, path = ''): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return { [path]: String(value) };
  const members = Array.isArray(value)
    ? value.map((one: unknown, index) => [`member.${index + 1}`, one] as const)
    : Object.entries(value);
  return Object.fromEntries(
    members.flatMap(([name, one]) => Object.entries(parameters(one, path === '' ? name : `${path}.${name}`))),
  );
}
