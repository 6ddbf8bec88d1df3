/**
 * The digits of an account's id, for a regular expression. AWS gives out twelve; its own published samples of events also
 * have ids of thirteen, and an account that nobody has is harmless. What a person writes into a spec must have twelve
 * (`spec/arn-faults.ts`).
 */
export const ACCOUNT_ID = String.raw`\d{12,16}`;
