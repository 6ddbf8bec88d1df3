import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { reaches } from '../../shared/permissions/role-arn.ts';

describe('reaches', () => {
  it.each([
    ['/*/*', '/service-role/app'],
    ['/*/*', '/service-role/*'],
    ['/a*/*', '/a/x'],
    ['/a', '/?'],
    ['/*', '/a/b/c'],
    ['/a?b/c', '/a/b/*'],
  ])('says that %s reaches %s', (region, declared) => {
    expect(reaches(region, declared)).toBe(true);
  });

  it.each([
    ['/*/*', '/app'],
    ['/*/*', '/app-*'],
    ['/*/*', '/???'],
    ['/a*/*', '/b/x'],
    ['/*x/*', '/team/*y'],
    ['/App', '/app'],
    ['/a', '/a/'],
  ])('says that %s does not reach %s', (region, declared) => {
    expect(reaches(region, declared)).toBe(false);
  });

  it('agrees with a search through all short texts', () => {
    const unit = fc.constantFrom('a', '/', '*', '?');
    const pattern = fc.string({ unit, maxLength: 3 });
    const ends = textsOf(['a', '/', 'b'], 6);
    fc.assert(
      fc.property(pattern, pattern, (region, declared) => {
        const common = ends.find((one) => isIn(one, region, '.') && isIn(one, declared, '[^/]'));
        expect(reaches(region, declared)).toBe(common !== undefined);
      }),
      { numRuns: 200 },
    );
  });
});

function isIn(text: string, glob: string, any: string): boolean {
  return new RegExp(`^${glob.replaceAll(/[*?]/g, (one) => (one === '*' ? `${any}*` : any))}$`).test(text);
}

/** Every text of these characters up to a length. */
function textsOf(characters: readonly string[], length: number): readonly string[] {
  if (length === 0) return [''];
  const shorter = textsOf(characters, length - 1);
  return ['', ...shorter.flatMap((text) => characters.map((character) => `${character}${text}`))];
}
