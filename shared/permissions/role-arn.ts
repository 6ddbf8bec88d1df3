import type { RoleDeclaration } from '../spec/spec.ts';

/** The account that the statements are for. Its parts may be tokens or `${AWS::…}` text, resolved on deployment. */
export interface Account {
  readonly partition: string;
  readonly accountId: string;
}

/** The ARN of a role. Its `end` is path and name, with wildcards or without; in an ARN they stand for slashes, too. */
export function roleArn({ partition, accountId }: Account, end: string): string {
  return `arn:${partition}:iam::${accountId}:role${end}`;
}

/** The end of a declared role's ARN, such as `/service-role/app-*`. */
export function endOf({ path, name }: RoleDeclaration): string {
  return `${path}${name}`;
}

/** A role at whatever path. */
export function anywhere(name: string): readonly string[] {
  return [`/${name}`, `/*/${name}`];
}

/**
 * Whether some role fits both. The wildcards of `region` stand for any text, as in an ARN; those of `declared` for
 * any text without a slash, as in a role's name.
 */
export function reaches(region: string, declared: string): boolean {
  // fits[j]: the region up to here and the first j characters declared have a text in common.
  let fits: readonly boolean[] = [];
  for (let i = 0; i <= region.length; i += 1) {
    const before = fits;
    const now: boolean[] = [];
    const r = region[i - 1];
    for (let j = 0; j <= declared.length; j += 1) {
      const d = declared[j - 1];
      now.push(
        (i === 0 && j === 0) ||
          (r === '*' && (before[j] === true || now[j - 1] === true)) ||
          (d === '*' && (now[j - 1] === true || (r !== '/' && before[j] === true))) ||
          (before[j - 1] === true && isSame(r, d)),
      );
    }
    fits = now;
  }
  return fits[declared.length] === true;
}

/** Whether one character of the region and one declared may be the same. */
function isSame(r: string | undefined, d: string | undefined): boolean {
  if (r === '?') return true;
  return d === '?' ? r !== '/' : r === d;
}
