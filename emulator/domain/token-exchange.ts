// The grant that exchanges a JWT for the session token of a user (UPST) or of a resource (RPST).
// Source: "Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST"; for RPST, the provider for Terraform.
// Must not know how GitHub is asked.
import { type EmulatorResponse, json } from '../server/message.ts';
import { readPublicKey } from '../server/public-key.ts';
import type { World } from '../server/world.ts';
import { invalid, refusal, repetitionFault } from './oauth.ts';
import { issueRpst } from './rpst.ts';
import { judge, type OAuthError } from './trust.ts';
import { issueUpst } from './upst.ts';

const RESOURCE_TOKEN = 'urn:oci:token-type:oci-rpst';

/** Fields with all the values they may have; the other two, public_key and subject_token, are judged further down. */
const FIXED_FIELDS: readonly (readonly [name: string, values: readonly string[], error: string])[] = [
  ['grant_type', ['urn:ietf:params:oauth:grant-type:token-exchange'], 'unsupported_grant_type'],
  ['requested_token_type', ['urn:oci:token-type:oci-upst', RESOURCE_TOKEN], 'invalid_request'],
  ['subject_token_type', ['jwt'], 'invalid_request'],
];

export async function exchange(
  form: URLSearchParams,
  clientId: string,
  world: World,
): Promise<EmulatorResponse> {
  const fault = formFault(form);
  if (fault) {
    return refusal(fault);
  }
  const publicKey = readPublicKey(form.get('public_key') ?? '');
  if (!publicKey.ok) {
    return refusal(invalid('The public key is invalid.', publicKey.reason));
  }
  const resourceType = asksForResource(form) ? (form.get('res_type') ?? '') : undefined;
  const verdict = await judge({ jwt: form.get('subject_token') ?? '', clientId, resourceType }, world);
  if (!verdict.ok) {
    return refusal(verdict);
  }
  const { claims } = verdict;
  const token =
    'resource' in verdict
      ? await issueRpst(world, verdict.resource, publicKey.key, claims, lifetimeIn(form))
      : await issueUpst(world, verdict.user, publicKey.key, claims.sub ?? '');
  world.secrets.add(token);
  // One member, unlike RFC 8693 section 2.2.1: no access_token, no expires_in.
  return json(200, { token }, { 'Cache-Control': 'no-store' });
}

function asksForResource(form: URLSearchParams): boolean {
  return form.get('requested_token_type') === RESOURCE_TOKEN;
}

function lifetimeIn(form: URLSearchParams): number | undefined {
  const text = form.get('rpst_exp');
  return text ? Number(text) : undefined;
}

/** RFC 6749 section 3.2: an empty parameter counts as absent. */
function formFault(form: URLSearchParams): OAuthError | undefined {
  const repeated = repetitionFault(form);
  if (repeated) {
    return repeated;
  }
  const ofResource = asksForResource(form) ? ['res_type'] : [];
  const names = [...FIXED_FIELDS.map(([name]) => name), ...ofResource, 'public_key', 'subject_token'];
  const missing = names.find((name) => !form.get(name));
  if (missing !== undefined) {
    return invalid('A required parameter is missing.', `${missing} is missing`);
  }
  const unsupported = (name: string) => invalid('A parameter has an unsupported value.', `wrong ${name}`);
  const wrong = FIXED_FIELDS.find(([name, values]) => !values.includes(form.get(name) ?? ''));
  if (wrong) {
    return { ...unsupported(wrong[0]), error: wrong[2] };
  }
  const isReadable = /^([1-9]\d{0,8})?$/.test(form.get('rpst_exp') ?? '');
  return asksForResource(form) && !isReadable ? unsupported('rpst_exp') : undefined;
}
