import type { Http } from '../ports.ts';
import { parseObject, quote } from '../response.ts';

/** The request serves an explanation: it must not hold up the failure. */
const TIMEOUT_MS = 4000;
const GITHUB_ORIGIN = 'https://token.actions.githubusercontent.com';

export interface KeysAddress {
  url: string;
  /** A sentence that says why `url` is the documented address; undefined for the published one. */
  note: string | undefined;
}

/**
 * Finds where an issuer publishes its signing keys. Sends one request, over https only. Never throws.
 * @see OpenID Connect Discovery 1.0 section 4; OpenID Connect reference (GitHub documentation)
 */
export async function findKeysAddress(http: Http, issuer: string): Promise<KeysAddress> {
  const discovery = `${issuer}/.well-known/openid-configuration`;
  try {
    return { url: await publishedAddress(http, issuer, discovery), note: undefined };
  } catch (error) {
    const reason = quote(error instanceof Error ? error.message : String(error), []);
    const note = `The trust has the documented address of the issuer's keys, not the published one: ${reason}. Compare it with \`jwks_uri\` in ${quote(discovery, [])}.`;
    return { url: `${issuer}/.well-known/jwks`, note };
  }
}

async function publishedAddress(http: Http, issuer: string, discovery: string): Promise<string> {
  const url = httpsUrl(issuer) && httpsUrl(discovery);
  if (url === undefined) throw new Error('the issuer is not an https URL');
  const request = { method: 'GET', url, headers: { accept: 'application/json' } } as const;
  const { status, text } = await http.send(request, { timeoutMs: TIMEOUT_MS });
  const members = status === 200 ? parseObject(text) : undefined;
  if (members?.['issuer'] !== issuer)
    throw new Error(`${url.host} sent no discovery document of this issuer (status ${status})`);
  const keys = httpsUrl(members['jwks_uri']);
  if (keys === undefined || ![url.origin, GITHUB_ORIGIN].includes(keys.origin))
    throw new Error('the discovery document names an address on another host');
  return keys.href;
}

/** Undefined for anything but an https URL without credentials, query and fragment. */
function httpsUrl(address: unknown): URL | undefined {
  if (typeof address !== 'string' || /[?#@]/.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' ? url : undefined;
}
