import { parsePolicyText } from '../policy/parse.ts';
import type { NamedCall } from './creation-calls.ts';
import { inertJson } from './inert-json.ts';

/**
 * A shell script of AWS CLI calls that make the role. It stops at the first that fails.
 * All of it is ASCII, and stays itself in a mail or chat program: whatever others chose stands in JSON.
 */
export function creationScript(calls: readonly NamedCall[], RoleName: string): string {
  const [create = '', ...others] = calls.map(commandLine);
  const wait = `aws iam wait role-exists --cli-input-json ${quoted(inertJson({ RoleName }))}`;
  return ['#!/bin/sh', 'set -eu', create, wait, ...others, ''].join('\n');
}

/** Documents are arguments of their own: within the other input they would be one long line of escapes. */
function commandLine({ action, input }: NamedCall): string {
  const [service = '', operation = ''] = action.split(':');
  const documents = Object.entries(input).flatMap(([name, value]) =>
    name.endsWith('PolicyDocument') && typeof value === 'string' ? [[name, value] as const] : [],
  );
  const rest = Object.entries(input).filter(([name]) => documents.every(([other]) => other !== name));
  return [
    `aws ${service} ${kebabCase(operation)} --cli-input-json ${quoted(inertJson(Object.fromEntries(rest)))}`,
    ...documents.map(([name, text]) => `--${kebabCase(name)} ${quoted(inertJson(parsePolicyText(text)))}`),
  ].join(' ');
}

function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** One word for the shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
