// Checks of the issuer of an ID token: whether its discovery document and its keys can be read without credentials.
import { lookup } from 'node:dns/promises';
import { type Check, type CheckResult, Skip } from '../../src/checks/check.ts';
import { TransportError } from '../../src/errors/transport-error.ts';
import { discoveryAddress } from '../../src/oci/id-token.ts';
import type { Http, HttpProxy } from '../../src/ports.ts';
import { describeStatus, parseObject, quote } from '../../src/response.ts';

export interface IssuerDeps {
  check: Check;
  http: Http;
  proxyFor: (url: URL) => HttpProxy | undefined;
}

const CLOSED =
  'If OCI cannot read them from the internet, publish them at a public address, or give the trust `publicCertificate` in place of `publicKeyEndpoint`.';

/**
 * Warns, and never fails: a trust with a certificate needs neither document nor keys.
 * @param issuer the claim `iss` of the job's token
 * @returns the address of the keys; undefined unless they can be read there
 * @see OpenID Connect Discovery 1.0 section 4
 */
export async function checkIssuer(
  { check, http, proxyFor }: IssuerDeps,
  issuer: CheckResult<string>,
): Promise<string | undefined> {
  const document = await check('issuer document', [issuer], async (iss) => {
    const address = discoveryAddress(iss);
    const found = await readPublic(http, address);
    if (typeof found === 'string') return { value: undefined, text: '', advice: [`${found}. ${CLOSED}`] };
    if (found['issuer'] === iss) return { value: found['jwks_uri'], text: quote(address, []) };
    const names = quote(JSON.stringify(found['issuer'] ?? null), []);
    const text = `${quote(address, [])} has the issuer ${names}, but the token has ${quote(iss, [])}. OCI accepts the token only if they are equal.`;
    return { value: undefined, text: '', advice: [text] };
  });
  const keys = await check('issuer keys', [document], async (address) => {
    if (address === undefined) throw new Skip('needs issuer document');
    const found = await readPublic(http, address);
    const list = typeof found === 'string' ? [] : found['keys'];
    const count = Array.isArray(list) ? list.length : 0;
    const where = quote(String(address), []);
    const reason = typeof found === 'string' ? found : `${where} has no keys`;
    if (count === 0) return { value: undefined, text: '', advice: [`${reason}. ${CLOSED}`] };
    const hidden = await privateAddress(new URL(String(address)), proxyFor);
    const text = `${where}, ${count} ${count === 1 ? 'key' : 'keys'}`;
    return { value: String(address), text, advice: [hidden && `${text}. ${hidden} ${CLOSED}`] };
  });
  return keys.done ? keys.value : undefined;
}

const TIMEOUT_MS = 4000;

/** @returns the members of a JSON object, or why there is none, as a sentence without its full stop */
async function readPublic(http: Http, address: unknown): Promise<Record<string, unknown> | string> {
  const shown = quote(String(address), []);
  const url = URL.canParse(String(address)) ? new URL(String(address)) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '') return `${shown} is no https URL`;
  try {
    const request = { method: 'GET', url, headers: { accept: 'application/json' } } as const;
    const { status, text } = await http.send(request, { timeoutMs: TIMEOUT_MS });
    if (status !== 200) return `${shown} sends ${describeStatus(status)} to a request without credentials`;
    return parseObject(text) ?? `${shown} sends no JSON object`;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return `${shown} cannot be read from here: ${error.message}`;
  }
}

/** Private, shared, link-local and loopback addresses. @see IANA special-purpose address registries (RFC 6890) */
const PRIVATE =
  /^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^::1?$|^f[cd]|^fe[89ab]/i;

/** A sentence if the name has only private addresses; undefined if a proxy looks up the name. */
async function privateAddress(url: URL, proxyFor: IssuerDeps['proxyFor']): Promise<string | undefined> {
  if (proxyFor(url) !== undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host, { all: true }).catch(() => []);
  const [first] = found;
  if (first === undefined || !found.every(({ address }) => PRIVATE.test(address))) return undefined;
  return `From here, ${host} has the private address ${first.address}.`;
}
