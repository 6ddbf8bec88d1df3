/**
 * Whether a principal is the unique id of a role (AROA…) or a user (AIDA…). IAM shows one in a trust policy where the
 * principal was deleted, and keeps it even if another of the same name is created (IAM user guide, IAM identifiers).
 */
export function isUniqueId(value: string): boolean {
  return /^A(?:ROA|IDA)[A-Z0-9]{12,124}$/.test(value);
}
