/** Names that are something already in a careless JavaScript object. */
export const TRAPS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const;

/** Nothing that a terminal, a log or a chat would obey: no control character but the newline, nothing that turns text round. */
export const INERT = /^(?:\n|[^\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069])*$/u;

export const STACK_TRACE = /^ +at .+:\d+/m;
