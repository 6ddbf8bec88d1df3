import type { JsonObject } from '../model.ts';
import type { IamRefusal } from './refusal.ts';
import type { OperationSchema } from './schemas.ts';

/** An HTTP request, as far as it matters here. */
export interface WireRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** The header; empty where there is none. It is not checked. */
  readonly authorization: string;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a request asks for. */
export interface ReadCall {
  readonly schema: OperationSchema;
  readonly input: JsonObject;
  /** Whose endpoint it went to; IAM has one for all. */
  readonly region: string;
}

/** How a service of AWS is spoken to. */
export interface WireProtocol {
  readonly speaks: (request: WireRequest) => boolean;
  /** @throws {IamRefusal} for what is no call of its API */
  readonly read: (request: WireRequest) => ReadCall;
  readonly writeOutput: (schema: OperationSchema, output: object, requestId: string) => WireAnswer;
  readonly writeRefusal: (refusal: IamRefusal, requestId: string) => WireAnswer;
}
