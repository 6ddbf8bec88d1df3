import * as z from 'zod/mini';

import { loopbackServer } from './loopback-server.ts';

/** What was published: the parameters of the call as they stood on the wire. */
export type Published = Readonly<Record<string, string>>;

export interface SnsService {
  readonly endpoint: string;
  readonly published: readonly Published[];
  /** Refuses all that comes until told otherwise. */
  refuse(isRefused: boolean): void;
  close(): void;
}

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const longestMessage = 262_144;

/** SNS on loopback, as far as Publish goes. It checks what SNS would refuse. */
export async function snsService(): Promise<SnsService> {
  const published: Published[] = [];
  let isRefused = false;
  const { endpoint, close } = await loopbackServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      const fault = isRefused ? 'InternalError' : faultOf(call);
      if (fault !== null) {
        response.writeHead(fault === 'InternalError' ? 500 : 400, { 'Content-Type': 'text/xml' });
        response.end(
          `<ErrorResponse><Error><Code>${fault}</Code><Message>no</Message></Error></ErrorResponse>`,
        );
        return;
      }
      published.push(call);
      response.writeHead(200, { 'Content-Type': 'text/xml' });
      response.end(
        `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m${published.length}</MessageId></PublishResult></PublishResponse>`,
      );
    });
  });
  return {
    endpoint,
    published,
    refuse: (isTo) => {
      isRefused = isTo;
    },
    close,
  };
}

function faultOf({ Message = '', MessageStructure, Subject }: Published): string | null {
  if (Message === '' || Buffer.byteLength(Message) > longestMessage) return 'InvalidParameter';
  if (Subject !== undefined && !/^[!-~][ -~]{0,98}$/.test(Subject)) return 'InvalidParameter';
  if (MessageStructure !== 'json') return null;
  const texts = z.safeParse(z.object({ default: z.string() }), JSON.parse(Message));
  return texts.success ? null : 'InvalidParameter';
}
