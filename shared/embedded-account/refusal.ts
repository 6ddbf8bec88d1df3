/**
 * IAM says no. `code` is IAM's own error code, as on the wire (`NoSuchEntity`, where the SDK's class is
 * `NoSuchEntityException`); the HTTP status follows from it.
 */
export class IamRefusal extends Error {
  override name = 'IamRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The parameter is there, but not of the right shape. */
export function invalidParameter(message: string): IamRefusal {
  return new IamRefusal('ValidationError', message);
}

/** A constraint of IAM's API model, in the words that all of them share. */
export function failedConstraint(parameter: string, value: string | null, constraint: string): IamRefusal {
  const name = parameter.charAt(0).toLowerCase() + parameter.slice(1);
  const shown = value === null ? 'null' : `'${value}'`;
  return invalidParameter(
    `1 validation error detected: Value ${shown} at '${name}' failed to satisfy constraint: Member must ${constraint}`,
  );
}
