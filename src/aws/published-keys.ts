// Whether AWS can fetch the keys of the identity domain.
import { ActionError } from '../errors/action-error.ts';
import { TransportError } from '../errors/transport-error.ts';
import type { Http } from '../ports.ts';
import { isRetryableStatus, parseObject, quote } from '../response.ts';
import { show, type WebIdentity } from './web-identity.ts';

/** These calls must not use up the time of those that the login needs. */
const TIMEOUT_MS = 4000;

/**
 * Fetches the discovery document and the signing keys as AWS will: without credentials.
 * @returns a warning when they cannot be fetched from here, which does not show that AWS cannot
 * @throws ActionError AWS_ISSUER_UNUSABLE, AWS_SIGNING_KEYS_HIDDEN
 * @see OpenID Connect Discovery 1.0 section 4
 */
export async function checkPublishedKeys(
  http: Http,
  { issuer, keyId }: Pick<WebIdentity, 'issuer' | 'keyId'>,
): Promise<string | undefined> {
  try {
    const discovery = await fetchPublic(http, new URL(`${issuer}/.well-known/openid-configuration`));
    if (discovery['issuer'] !== issuer) {
      const text = `The discovery document names issuer ${show(discovery['issuer'])}; AWS needs exactly ${issuer}.`;
      throw new ActionError('AWS_ISSUER_UNUSABLE', text);
    }
    const { ids, address } = await fetchSigningKeys(http, discovery);
    if (ids.length > 0 && (keyId === undefined || ids.includes(keyId))) return undefined;
    const text = `The key ${show(keyId)} is not among those at ${quote(address, [])}.`;
    throw new ActionError('AWS_SIGNING_KEYS_HIDDEN', text);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return `Whether AWS can read the domain's keys could not be checked from here: ${error.message}.`;
  }
}

/**
 * @returns the ids of the keys to which a discovery document points
 * @throws ActionError AWS_SIGNING_KEYS_HIDDEN
 * @throws TransportError as `fetchPublic`
 */
export async function fetchSigningKeys(
  http: Http,
  { jwks_uri: address }: Readonly<Record<string, unknown>>,
): Promise<{ ids: unknown[]; address: string }> {
  if (typeof address !== 'string' || !/^https?:/.test(address) || !URL.canParse(address)) {
    const text = 'The discovery document does not name the address of the signing keys.';
    throw new ActionError('AWS_SIGNING_KEYS_HIDDEN', text);
  }
  const { keys } = await fetchPublic(http, new URL(address));
  const ids = Array.isArray(keys) ? keys.map((key: { kid?: unknown } | null) => key?.kid) : [];
  return { ids, address };
}

/**
 * @throws TransportError also for an outage, and for a refusal that depends on the client's network
 * @throws ActionError AWS_SIGNING_KEYS_HIDDEN for anything else, such as a demand for credentials
 */
async function fetchPublic(http: Http, url: URL): Promise<Record<string, unknown>> {
  const request = { method: 'GET', url, headers: { accept: 'application/json' } } as const;
  const { status, text } = await http.send(request, { timeoutMs: TIMEOUT_MS });
  const members = status === 200 ? parseObject(text) : undefined;
  if (members !== undefined) return members;
  if (status === 403 || isRetryableStatus(status)) {
    throw new TransportError('unusable', `${url.href} answered ${status}`);
  }
  const got = status === 200 ? 'something that is no JSON object' : `status ${status}`;
  throw new ActionError('AWS_SIGNING_KEYS_HIDDEN', `Without credentials, ${url.href} sends ${got}.`);
}
