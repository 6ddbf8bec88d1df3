import * as z from 'zod/mini';

const anything = z.record(z.string(), z.unknown());

type Node = Readonly<Record<string, unknown>>;

const roots = new WeakMap<z.ZodMiniType, Node>();

/** The keys that a schema knows at a path, for suggestions: of all alternatives together. */
export function keysAt(schema: z.ZodMiniType, path: readonly (string | number)[]): readonly string[] {
  let nodes = alternatives(rootOf(schema));
  for (const step of path) nodes = nodes.map((node) => child(node, step)).flatMap(alternatives);
  return [...new Set(nodes.flatMap((node) => Object.keys(asNode(node['properties']))))];
}

function rootOf(schema: z.ZodMiniType): Node {
  const known = roots.get(schema);
  if (known !== undefined) return known;
  const root = asNode(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  roots.set(schema, root);
  return root;
}

function child(node: Node, step: string | number): Node {
  if (typeof step === 'number') return asNode(node['items']);
  return asNode(asNode(node['properties'])[step] ?? node['additionalProperties']);
}

function alternatives(node: Node): readonly Node[] {
  const branches = [node['anyOf'], node['oneOf'], node['allOf']].flatMap((list) =>
    Array.isArray(list) ? list.map(asNode) : [],
  );
  return [node, ...branches.flatMap(alternatives)];
}

function asNode(value: unknown): Node {
  const parsed = z.safeParse(anything, value);
  return parsed.success ? parsed.data : {};
}
