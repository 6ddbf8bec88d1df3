import type { NormalizedSchema } from '@smithy/core/schema';
import * as z from 'zod/mini';

import type { Json, JsonObject } from '../model.ts';
import { IamRefusal } from './refusal.ts';
import { eksOperations, statusOf, type OperationSchema } from './schemas.ts';
import type { WireAnswer, WireProtocol, WireRequest } from './wire.ts';

/**
 * AWS's restJson1 protocol, from the server's side, for every EKS operation: the SDK's own model of the API drives it.
 * Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */

interface Route {
  readonly operation: OperationSchema;
  readonly method: string;
  /** Of its path: a text, or the name of the member that stands there. */
  readonly segments: readonly (string | { readonly label: string })[];
}

const routes: readonly Route[] = [...eksOperations.values()].flatMap((operation) => {
  if (operation.http === null) return [];
  const { method, path } = operation.http;
  const segments = path
    .split('/')
    .map((segment) => (/^\{.+\}$/.test(segment) ? { label: segment.slice(1, -1) } : segment));
  return [{ operation, method, segments }];
});

/** What the path says of the input; null where it is another operation's. */
function labelsIn(route: Route, method: string, segments: readonly string[]): JsonObject | null {
  if (route.method !== method || route.segments.length !== segments.length) return null;
  const labels: [string, Json][] = [];
  for (const [index, expected] of route.segments.entries()) {
    const segment = segments[index] ?? '';
    if (typeof expected !== 'string') labels.push([expected.label, decodeURIComponent(segment)]);
    else if (expected !== segment) return null;
  }
  return Object.fromEntries(labels);
}

function queryIn(schema: NormalizedSchema, query: URLSearchParams): JsonObject {
  const members: [string, Json][] = [];
  for (const [name, member] of schema.structIterator()) {
    const { httpQuery } = member.getMergedTraits();
    const value = typeof httpQuery === 'string' ? query.get(httpQuery) : null;
    if (value !== null) members.push([name, member.isNumericSchema() ? Number(value) : value]);
  }
  return Object.fromEntries(members);
}

const jsonObject = z.record(z.string(), z.json());

function bodyIn(body: string): JsonObject {
  if (body === '') return {};
  try {
    return z.parse(jsonObject, JSON.parse(body));
  } catch {
    throw new IamRefusal('Serialization', 'The body is no JSON object.');
  }
}

// Of `Credential=AKIA…/20260302/eu-west-1/eks/aws4_request`: EKS is regional, and every region is served here.
function regionOf({ authorization }: WireRequest): string {
  return /Credential=[^/]+\/\d+\/([a-z0-9-]+)\/eks\//.exec(authorization)?.[1] ?? 'us-east-1';
}

function answer(
  status: number,
  body: JsonObject | object,
  requestId: string,
  errorType?: string,
): WireAnswer {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      ...(errorType !== undefined && { 'x-amzn-errortype': errorType }),
    },
    body: JSON.stringify(body),
  };
}

export const eksProtocol: WireProtocol = {
  speaks: ({ path }) => path.startsWith('/clusters'),
  read: (request) => {
    const { method, path, body } = request;
    const url = new URL(path, 'http://localhost');
    const segments = url.pathname.split('/');
    for (const route of routes) {
      const labels = labelsIn(route, method, segments);
      if (labels === null) continue;
      const input = { ...bodyIn(body), ...queryIn(route.operation.input, url.searchParams), ...labels };
      return { schema: route.operation, input, region: regionOf(request) };
    }
    throw new IamRefusal('UnknownOperation', `Amazon EKS has no operation ${method} ${url.pathname}`);
  },
  writeOutput: (_schema, output, requestId) => answer(200, output, requestId),
  writeRefusal: ({ code, message }, requestId) =>
    answer(statusOf(`${code}Exception`), { message }, requestId, `${code}Exception`),
};
