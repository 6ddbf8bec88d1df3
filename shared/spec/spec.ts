import type { DesiredAspect, Grace, Mode, Recreation } from '../model.ts';

/** One entry of the spec's `roles`, preset expanded, variables such as `${AWS::AccountId}` not yet resolved. */
export interface RoleDeclaration {
  /** An exact role name, or a pattern with `*` and `?`. */
  readonly name: string;
  readonly path: string;
  readonly mode: Mode;
  readonly aspects: Readonly<Record<string, DesiredAspect>>;
  /** Left out where nobody is given grace. */
  readonly grace?: Grace;
  /** Left out where a deleted role is only reported. */
  readonly recreation?: Recreation;
  /** Line of the entry in the spec file, from 1. */
  readonly line: number;
}

/**
 * A loaded, valid spec: plain JSON, so that it is bundled with the functions, which then need neither a YAML parser
 * nor the validation.
 */
export interface Spec {
  /** `sha256:…` of the declarations by meaning of the file's data: comments and layout do not change it. */
  readonly version: string;
  /** As given by the user, for messages. */
  readonly file: string;
  readonly roles: readonly RoleDeclaration[];
}
