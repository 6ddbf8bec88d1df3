/** Which roles an account has. */
export interface RoleDirectory {
  /** The names of all roles, page by page. */
  roleNames(): AsyncIterable<readonly string[]>;
}
