import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';

import type { Json, JsonObject } from '../model.ts';
import { isObject } from './input.ts';
import { failedConstraint, invalidParameter, IamRefusal } from './refusal.ts';
import { iamOperations, statusOf, type OperationSchema } from './schemas.ts';
import type { WireAnswer, WireProtocol } from './wire.ts';

/**
 * AWS's Query protocol, from the server's side, for every IAM operation: the SDK's own model of the API drives it.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */

const version = '2010-05-08';
const xmlNamespace = `https://iam.amazonaws.com/doc/${version}/`;

interface ParameterNode {
  text: string;
  readonly children: Map<string, ParameterNode>;
}

/** `Tags.member.1.Key=a` becomes a tree, so that each schema reads its own level. */
function parameterTree(parameters: URLSearchParams): ParameterNode {
  const root: ParameterNode = { text: '', children: new Map() };
  for (const [key, text] of parameters) {
    let node = root;
    for (const part of key.split('.')) {
      const child = node.children.get(part) ?? { text: '', children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.text = text;
  }
  return root;
}

function readNumber(text: string, schema: NormalizedSchema): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw invalidParameter(`Invalid value "${text}" for ${schema.getMemberName()}: a number is expected`);
  }
  return value;
}

function readShape(schema: NormalizedSchema, node: ParameterNode): Json {
  if (schema.isStructSchema()) {
    const members: [string, Json][] = [];
    for (const [name, member] of schema.structIterator()) {
      const child = node.children.get(name);
      if (child !== undefined) members.push([name, readShape(member, child)]);
    }
    return Object.fromEntries(members);
  }
  if (schema.isListSchema()) {
    const items = [...(node.children.get('member')?.children ?? [])];
    const inOrder = items.sort(([a], [b]) => Number(a) - Number(b));
    return inOrder.map(([, item]) => readShape(schema.getValueSchema(), item));
  }
  if (schema.isBooleanSchema()) return node.text === 'true';
  if (schema.isNumericSchema()) return readNumber(node.text, schema);
  return node.text;
}

/** @throws {IamRefusal} naming the first required member that is missing. */
export function requireMembers(operation: OperationSchema, input: JsonObject): void {
  const missing = operation.required.find((name) => !Object.hasOwn(input, name));
  if (missing !== undefined) throw failedConstraint(missing, null, 'not be null');
}

/** The operation's name as the caller gives it; what it is may be unknown. */
function operationName(parameters: URLSearchParams): string {
  return parameters.get('Action') ?? '';
}

/** @throws {IamRefusal} InvalidAction for what is no operation of IAM. */
function requireOperation(name: string): OperationSchema {
  const operation = iamOperations.get(name);
  if (operation === undefined) {
    throw new IamRefusal('InvalidAction', `Could not find operation ${name} for version ${version}`);
  }
  return operation;
}

/** The call's input under the SDK's own member names; what the schema does not know is left out. */
export function readInput(operation: OperationSchema, parameters: URLSearchParams): JsonObject {
  const input = readShape(operation.input, parameterTree(parameters));
  return isObject(input) ? input : {};
}

// Written for restXml, but the shapes inside are the same; only the root's name differs.
const newSerializer = () =>
  new XmlShapeSerializer({
    xmlNamespace: '',
    serviceNamespace: 'com.amazonaws.iam',
    httpBindings: false,
    timestampFormat: { useTrait: true, default: 5 },
  });

function resultXml(operation: OperationSchema, output: object): string {
  if (operation.output.isUnitSchema()) return '';
  const serializer = newSerializer();
  serializer.write(operation.output, output);
  const xml = String(serializer.flush());
  const content = xml.replace(/^<[^>]*>/, '').replace(/<\/[^<>]*>$/, '');
  return `<${operation.name}Result>${content}</${operation.name}Result>`;
}

const metadataXml = (requestId: string) =>
  `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;

/** The XML of a successful answer. */
function writeOutput(operation: OperationSchema, output: object, requestId: string): WireAnswer {
  const root = `${operation.name}Response`;
  const xml = `<${root} xmlns="${xmlNamespace}">${resultXml(operation, output)}${metadataXml(requestId)}</${root}>`;
  return answer(200, xml, requestId);
}

const xmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escapeXml = (text: string) =>
  text.replace(/[&<>"]/g, (character) => xmlEscapes[character] ?? character);

/** The status and XML of a refusal. */
function writeRefusal(refusal: IamRefusal, requestId: string): WireAnswer {
  const status = statusOf(refusal.code);
  const type = status < 500 ? 'Sender' : 'Receiver';
  const error = `<Error><Type>${type}</Type><Code>${escapeXml(refusal.code)}</Code><Message>${escapeXml(refusal.message)}</Message></Error>`;
  return answer(
    status,
    `<ErrorResponse xmlns="${xmlNamespace}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
  );
}

function answer(status: number, body: string, requestId: string): WireAnswer {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

export const queryProtocol: WireProtocol = {
  speaks: () => true,
  read: ({ body }) => {
    const parameters = new URLSearchParams(body);
    const schema = requireOperation(operationName(parameters));
    // IAM is one for all regions.
    return { schema, input: readInput(schema, parameters), region: 'us-east-1' };
  },
  writeOutput,
  writeRefusal,
};
