// An identity domain's token endpoint, for the exchange of a JWT for a UPST alone.
// Source: "Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST". Must not know how GitHub is asked.
import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  pathOf,
  sameSecret,
  single,
  strictBase64,
} from './message.ts';
import { readPublicKey } from './public-key.ts';
import { judge, type OAuthError } from './trust.ts';
import { issueUpst } from './upst.ts';
import type { World } from './world.ts';

export const EXCHANGE_PATH = '/oauth2/v1/token';

/** Fields whose value is fixed; the other two, public_key and subject_token, are judged further down. */
const FIXED_FIELDS: readonly (readonly [name: string, value: string, error: string])[] = [
  ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange', 'unsupported_grant_type'],
  ['requested_token_type', 'urn:oci:token-type:oci-upst', 'invalid_request'],
  ['subject_token_type', 'jwt', 'invalid_request'],
];

export async function handleDomain(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  if (pathOf(request) !== EXCHANGE_PATH) {
    return notFound();
  }
  if (request.method !== 'POST') {
    const reason = 'only POST is served here';
    const refused = refusal({
      status: 405,
      error: 'invalid_request',
      description: 'Method not allowed.',
      reason,
    });
    return { ...refused, headers: { ...refused.headers, Allow: 'POST' } };
  }
  const form = new URLSearchParams(request.body.toString('utf8'));
  remember(form, world);
  const fault = contentTypeFault(request) ?? clientFault(request, world) ?? formFault(form);
  return fault ? refusal(fault) : exchange(form, world);
}

async function exchange(form: URLSearchParams, world: World): Promise<EmulatorResponse> {
  const publicKey = readPublicKey(form.get('public_key') ?? '');
  if (!publicKey.ok) {
    return refusal(invalid('The public key is invalid.', publicKey.reason));
  }
  const verdict = await judge(form.get('subject_token') ?? '', world.settings.clientId, world);
  if (!verdict.ok) {
    return refusal(verdict);
  }
  const token = await issueUpst(world, verdict.user, publicKey.key, verdict.claims.sub ?? '');
  world.secrets.add(token);
  // One member, unlike RFC 8693 section 2.2.1: no access_token, no expires_in.
  return json(200, { token }, { 'Cache-Control': 'no-store' });
}

function contentTypeFault(request: EmulatorRequest): OAuthError | undefined {
  const type = single(request, 'content-type') ?? '';
  return /^application\/x-www-form-urlencoded(\s*;\s*charset=utf-8)?$/i.test(type)
    ? undefined
    : invalid('The content type is not supported.', 'content type is not a form');
}

/** RFC 6749 section 2.3.1, without its percent-encoding: Oracle's SDKs send id and secret as they are. */
function clientFault(request: EmulatorRequest, world: World): OAuthError | undefined {
  const basic = /^Basic (\S+)$/i.exec(single(request, 'authorization') ?? '')?.[1] ?? '';
  const pair = strictBase64(basic)?.toString('utf8') ?? '';
  const secret = pair.slice(pair.indexOf(':') + 1);
  if (secret !== '') {
    world.secrets.add(secret);
  }
  const { clientId, clientSecret } = world.settings;
  if (sameSecret(pair, `${clientId}:${clientSecret}`)) {
    return undefined;
  }
  const reason = pair.startsWith(`${clientId}:`) ? 'wrong client secret' : 'no or unknown client';
  return { status: 401, error: 'invalid_client', description: 'Client authentication failed.', reason };
}

/** RFC 6749 section 3.2: no parameter twice, and an empty one counts as absent. */
function formFault(form: URLSearchParams): OAuthError | undefined {
  const twice = [...form.keys()].find((name) => form.getAll(name).length > 1);
  if (twice !== undefined) {
    return invalid('A parameter is repeated.', `${twice} given more than once`);
  }
  const names = [...FIXED_FIELDS.map(([name]) => name), 'public_key', 'subject_token'];
  const missing = names.find((name) => !form.get(name));
  if (missing !== undefined) {
    return invalid('A required parameter is missing.', `${missing} is missing`);
  }
  const wrong = FIXED_FIELDS.find(([name, value]) => form.get(name) !== value);
  return (
    wrong && { ...invalid('A parameter has an unsupported value.', `wrong ${wrong[0]}`), error: wrong[2] }
  );
}

function remember(form: URLSearchParams, world: World): void {
  const received = [...form.getAll('subject_token'), ...form.getAll('client_secret')];
  for (const secret of received.filter((value) => value !== '')) {
    world.secrets.add(secret);
  }
}

function invalid(description: string, reason: string): OAuthError {
  return { status: 400, error: 'invalid_request', description, reason };
}

/** RFC 6749 section 5.2. */
function refusal({ status, error, description, reason }: OAuthError): EmulatorResponse {
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' };
  if (error === 'invalid_client') {
    headers['WWW-Authenticate'] = 'Basic realm="identity-domain"';
  }
  return { ...json(status, { error, error_description: description }, headers), reason };
}

/** Outside OAuth a domain speaks SCIM (RFC 7644 section 3.12). */
function notFound(): EmulatorResponse {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
  return {
    ...json(404, { schemas, status: '404', detail: 'Resource not found.' }),
    reason: 'no such resource',
  };
}
