/** How a change calls what it brings the role to. */
export interface Wording {
  /** Such as "the declared content". */
  readonly the: (thing: string) => string;
  /** Such as "put the declared trust policy back". */
  readonly putBack: (thing: string) => string;
  /** Such as "what is declared". */
  readonly what: string;
}

export const asDeclared: Wording = {
  the: (thing) => `the declared ${thing}`,
  putBack: (thing) => `put the declared ${thing} back`,
  what: 'what is declared',
};

/** A rollback may bring a backdoor back: nobody has declared that. */
export const asItWas: Wording = {
  the: (thing) => `the ${thing} that was there`,
  putBack: (thing) => `put back the ${thing} that was there`,
  what: 'what was there',
};
