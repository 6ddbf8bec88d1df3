/** Names that are something already in a careless JavaScript object. */
export const TRAPS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const;

/** Nothing that a terminal, a log or a chat would obey. */
// oxlint-disable-next-line no-control-regex
export const INERT =
  /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]*$/u;

export const STACK_TRACE = /^ +at .+:\d+/m;
