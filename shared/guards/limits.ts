import * as z from 'zod/mini';

/** How much is too much. */
export interface GuardLimits {
  /** An exemption is over after so many hours, whatever it says. */
  readonly exemptionHours: number;
  /** So many reverts of one difference in so many minutes are a fight. */
  readonly fightReverts: number;
  readonly fightMinutes: number;
  /** More drifted roles than this, and than this part of the declared, in so many minutes are many. */
  readonly manyRoles: number;
  readonly manyPercent: number;
  readonly manyMinutes: number;
}

/** Where nobody has set others. */
export const usualLimits: GuardLimits = {
  exemptionHours: 24,
  fightReverts: 3,
  fightMinutes: 15,
  manyRoles: 10,
  manyPercent: 20,
  manyMinutes: 15,
};

const whole = z.int().check(z.gte(1));
const schema: z.ZodMiniType<GuardLimits> = z.strictObject({
  exemptionHours: whole,
  fightReverts: whole,
  fightMinutes: whole,
  manyRoles: whole,
  manyPercent: whole,
  manyMinutes: whole,
});

/** The limits as the text of an environment variable. Throws for anything but all of them, as JSON. */
export function limitsFrom(text: string): GuardLimits {
  return z.parse(schema, JSON.parse(text));
}
