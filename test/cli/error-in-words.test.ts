import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { errorInWords } from '../../functions/cli/error-in-words.ts';

describe('errorInWords', () => {
  it('tells of data in another shape where it is so, and shows no JSON of zod’s', () => {
    const schema = z.object({ roles: z.array(z.object({ name: z.string() })) });
    const { error } = z.safeParse(schema, { roles: [{ name: 1 }, {}] });
    // How zod words it depends on the language that is set up, if any.
    expect(errorInWords(error)).toMatch(
      /^data is not in the shape that this version knows: at roles\.0\.name: Invalid input[^;{]*; at roles\.1\.name: Invalid input[^;{]*$/,
    );
  });

  it('says what other errors say, and of one without a message its name', () => {
    expect(errorInWords(new Error('no'))).toBe('no');
    expect(errorInWords(new TypeError())).toBe('TypeError');
    expect(errorInWords('no')).toBe('no');
  });
});
