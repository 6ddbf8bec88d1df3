import { isProtectedRoleName, protectedRoleNames } from './protected-roles.ts';
import { coversPattern, isPattern } from './role-name-pattern.ts';
import { type FaultDraft, quote } from './spec-fault.ts';

/** A role's entry in the file, as far as its name goes. */
export interface NamedRole {
  /** Its index in `roles`. */
  readonly index: number;
  readonly name: string;
  readonly path: string;
}

// Each pattern is compared with all before it.
const MOST_PATTERNS = 1000;

/** Names that IAM would not allow, that must not be managed, that are there twice or that can never be reached. */
export function roleNameFaults(roles: readonly NamedRole[]): readonly FaultDraft[] {
  const faults: FaultDraft[] = [];
  const seen = new Map<string, number>();
  const patterns: NamedRole[] = [];
  for (const role of roles) {
    const { index, name } = role;
    const at = ['roles', index, 'name'];
    const fault = ownFault(role) ?? pathFault(role);
    if (fault !== null) {
      faults.push(fault);
      continue;
    }
    const earlier = seen.get(name.toLowerCase());
    if (earlier !== undefined) {
      faults.push({
        path: at,
        message: `${quote(name)} is declared already by roles[${earlier}]: role names ignore case`,
        remedy: 'merge the two entries, or remove one',
      });
      continue;
    }
    seen.set(name.toLowerCase(), index);
    if (!isPattern(name)) continue;
    const covering = patterns.find((pattern) => coversPattern(pattern.name, name));
    if (covering !== undefined)
      faults.push({
        path: at,
        message: `${quote(name)} can never be reached: roles[${covering.index}] (${quote(covering.name)}) comes first and matches every such name`,
        remedy: 'put the narrower pattern before the wider one, or remove it',
      });
    patterns.push(role);
    if (patterns.length === MOST_PATTERNS + 1)
      faults.push({
        path: at,
        message: `more than ${MOST_PATTERNS} name patterns`,
        remedy: 'declare roles by exact names, or use wider patterns',
      });
    if (patterns.length > MOST_PATTERNS) break;
  }
  return faults;
}

function ownFault({ index, name, path }: NamedRole): FaultDraft | null {
  const at = ['roles', index, 'name'];
  const form = formFault(name);
  if (form !== null) return { path: at, ...form };
  if (!isPattern(name)) {
    const reason = isProtectedRoleName(name, path);
    return reason === null
      ? null
      : {
          path: at,
          message: `${quote(name)} must not be managed: ${reason}`,
          remedy: 'remove this entry',
        };
  }
  const covering = protectedRoleNames.find(({ pattern }) => coversPattern(pattern, name));
  return covering === undefined
    ? null
    : {
        path: at,
        message: `${quote(name)} matches only roles that must not be managed (${covering.pattern}: ${covering.reason})`,
        remedy: 'remove this entry; patterns never reach such roles',
      };
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
function formFault(name: string): Pick<FaultDraft, 'message' | 'remedy'> | null {
  if (name === '') return { message: 'the name is empty', remedy: 'write the name of a role, or a pattern' };
  if (name.startsWith('arn:'))
    return {
      message: `${quote(name)} is an ARN, and a role is declared by its name`,
      remedy: `write ${quote(name.slice(name.lastIndexOf('/') + 1))}; a path goes to "path"`,
    };
  if (name.includes('/'))
    return {
      message: `${quote(name)} holds a path, and a role is declared by its name`,
      remedy: `write name: ${quote(name.slice(name.lastIndexOf('/') + 1))} and path: ${quote(`/${name.slice(0, name.lastIndexOf('/') + 1)}`.replaceAll(/\/+/g, '/'))}`,
    };
  if (/\$\{/.test(name))
    return {
      message: `${quote(name)}: variables are not resolved in names`,
      remedy: 'write the name, or a pattern such as "app-*"',
    };
  if (/[^\w+=,.@*?-]/.test(name))
    return {
      message: `${quote(name)} is no name that IAM allows`,
      remedy: 'use letters, digits and + = , . @ _ - only; * and ? make a pattern',
    };
  if (name.replaceAll('*', '').length > 64)
    return {
      message: `${quote(name)} is longer than the 64 characters that IAM allows`,
      remedy: 'shorten it, or use a pattern',
    };
  return null;
}

function pathFault({ index, path }: NamedRole): FaultDraft | null {
  if (/^\/(?:[!-~]+\/)?$/.test(path) && path.length <= 512 && !path.includes('//'))
    return protectedPathFault(index, path);
  return {
    path: ['roles', index, 'path'],
    message: `${quote(path)} is no path that IAM allows`,
    remedy: 'begin and end it with a slash, such as "/service-role/"; without a path leave it out',
  };
}

// A pattern passes by the check of its name.
function protectedPathFault(index: number, path: string): FaultDraft | null {
  const reason = isProtectedRoleName('', path);
  return reason === null
    ? null
    : {
        path: ['roles', index, 'path'],
        message: `roles under ${quote(path)} must not be managed: ${reason}`,
        remedy: 'remove this entry',
      };
}
