/**
 * The text of a policy, spelled differently in every way that must not matter: key order, list order, duplicates, scalars for
 * lists of one, the case of actions, operators and condition keys, escapes, white space.
 */
export function respell(policy: object, seed: number): string {
  const chance = randomFrom(seed);
  const write = (value: unknown, path: readonly string[]): string => {
    if (Array.isArray(value)) return list(value, path);
    if (typeof value === 'object' && value !== null) {
      const members = shuffled(Object.entries(value), chance).map(
        ([key, member]) => `${text(spelledKey(key, path))}${blank()}:${write(member, [...path, key])}`,
      );
      return `{${blank()}${members.join(`,${blank()}`)}}`;
    }
    return text(path[2] === 'Action' ? anyCase(String(value)) : String(value));
  };
  const list = (items: readonly unknown[], path: readonly string[]): string => {
    const [only] = items;
    if (items.length === 1 && chance() < 0.5) return write(only, [...path, '0']);
    const repeated = items.length > 0 && chance() < 0.3 ? [...items, only] : items;
    return `[${shuffled(repeated, chance)
      .map((item) => write(item, [...path, '0']))
      .join(`${blank()},`)}]`;
  };
  const spelledKey = (key: string, path: readonly string[]) =>
    path.at(-1) === 'Condition' || path.at(-2) === 'Condition' ? anyCase(key) : key;
  const anyCase = (word: string) =>
    word.replace(/[A-Za-z]/g, (letter) => (chance() < 0.3 ? swapCase(letter) : letter));
  const text = (value: string) => {
    const json = JSON.stringify(value);
    return chance() < 0.5
      ? json
      : json.replace(/[a-z/](?=[^\\]*$)/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
  };
  const blank = () => [' ', '\n', '\t', ''][Math.floor(chance() * 4)] ?? '';
  return write(policy, []);
}

function swapCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}

function shuffled<T>(items: readonly T[], chance: () => number): T[] {
  return items
    .map((item) => ({ item, rank: chance() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** mulberry32, so that a failure can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
