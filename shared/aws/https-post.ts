import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

import type { HttpAnswer, Transports } from '../ports/transports.ts';

/** More of an answer is not read. */
const longestAnswer = 4000;

/**
 * JSON over HTTP, without `fetch`, whose first use loads undici and costs a cold start some 100 ms.
 * @param timeoutMs For the whole call, until the answer's last byte.
 */
export function httpsPost(timeoutMs: number = 5000): Transports['post'] {
  return async (url, body) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await post(url, JSON.stringify(body), signal);
    } catch (cause) {
      // The address is a secret: whoever knows it can post. Only its host is told, as node does.
      const why = cause instanceof Error ? cause.message : String(cause);
      const fault = signal.aborted ? `does not answer within ${timeoutMs} ms` : `cannot be reached: ${why}`;
      throw new Error(`${new URL(url).host} ${fault}`, { cause });
    }
  };
}

async function post(url: string, text: string, signal: AbortSignal): Promise<HttpAnswer> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    };
    send(url, { method: 'POST', headers, signal }, resolve).on('error', reject).end(text);
  });
  return {
    status: response.statusCode ?? 0,
    retryAfterSeconds: secondsOf(response.headers['retry-after']),
    body: await textOf(response),
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) if (text.length < longestAnswer) text += String(chunk);
  return text.slice(0, longestAnswer);
}

function secondsOf(header: string | undefined): number | null {
  return header !== undefined && /^\d+$/.test(header.trim()) ? Number(header) : null;
}
