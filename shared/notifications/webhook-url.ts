import * as z from 'zod/mini';

const wrapped = z.object({ url: z.string() });

/**
 * The address in a secret or file, whose name is `source`: the address itself, or JSON with a `url`. By TLS only, but for
 * a test on this machine.
 * @throws for any other text, without repeating it: it may be another secret.
 */
export function webhookUrl(secret: string, source: string): string {
  const text = wrappedUrl(secret) ?? secret.trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'https:' || isLoopback(url))) return url.href;
  throw new Error(
    `${source} holds no webhook address: write https://hooks.slack.com/services/… there, or JSON with it as "url"`,
  );
}

function wrappedUrl(secret: string): string | null {
  if (!secret.trim().startsWith('{')) return null;
  try {
    const parsed = wrapped.safeParse(JSON.parse(secret));
    return parsed.success ? parsed.data.url.trim() : null;
  } catch {
    return null;
  }
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
