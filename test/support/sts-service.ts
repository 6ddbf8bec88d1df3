import { loopbackServer } from './loopback-server.ts';

/** AWS's STS on loopback: whoever asks, it takes for this one; for nobody it answers nothing that can be used. */
export async function stsService(arn: string | null): Promise<{ readonly endpoint: string; close(): void }> {
  return loopbackServer((_request, response) => {
    response.writeHead(arn === null ? 500 : 200, { 'Content-Type': 'text/xml' });
    response.end(arn === null ? '' : callerIdentity(arn));
  });
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export function callerIdentity(arn: string): string {
  return (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
    `<Arn>${arn}</Arn><UserId>AROAEXAMPLE:session</UserId><Account>${arn.split(':')[4]}</Account>` +
    '</GetCallerIdentityResult><ResponseMetadata><RequestId>example</RequestId></ResponseMetadata></GetCallerIdentityResponse>'
  );
}
