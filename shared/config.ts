import { TerminalError } from './errors.ts';

type Settings<Name extends string> = Readonly<Record<Name, string>>;

/**
 * A function's settings from its environment, checked once at start.
 * @throws {TerminalError} naming every variable that is missing.
 */
export function settingsFrom<Name extends string>(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): Settings<Name> {
  if (!isComplete(env, names))
    throw new TerminalError(`environment variables are not set: ${missing(env, names).join(', ')}`);
  return env;
}

function isComplete<Name extends string>(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): env is Settings<Name> {
  return missing(env, names).length === 0;
}

function missing(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): readonly string[] {
  return names.filter((name) => (env[name] ?? '') === '');
}
