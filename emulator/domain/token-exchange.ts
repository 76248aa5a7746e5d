// The token exchange grant: a JWT for the session token of a user (UPST) or of a resource (RPST).
// Source: "Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST"; for RPST, the provider for Terraform.
import { type EmulatorResponse, json } from '../server/message.ts';
import type { World } from '../server/world.ts';
import type { Caller } from './callers.ts';
import { readPublicKey } from './public-key.ts';
import { refuse } from './responses.ts';
import { issueRpst, issueUpst } from './session-token.ts';
import { checkNewKey, checkPermission } from './signers.ts';
import { evaluateTrust } from './trust.ts';

const RPST = 'urn:oci:token-type:oci-rpst';

/** Parameters with a fixed set of values, and the refusal of any other value. */
const FIXED_PARAMETERS = [
  ['grant_type', ['urn:ietf:params:oauth:grant-type:token-exchange'], 'unsupportedGrant'],
  ['requested_token_type', ['urn:oci:token-type:oci-upst', RPST], 'unsupportedValue'],
  ['subject_token_type', ['jwt'], 'unsupportedValue'],
] as const;

export async function tokenExchange(
  form: URLSearchParams,
  caller: Caller,
  world: World,
): Promise<EmulatorResponse> {
  checkParameters(form);
  const publicKey = readPublicKey(form.get('public_key') ?? '');
  const resourceType = requestsRpst(form) ? (form.get('res_type') ?? '') : undefined;
  const clientId = 'client' in caller ? caller.client.id : undefined;
  if ('signer' in caller) {
    checkNewKey(caller.signer, publicKey);
    checkPermission(caller.signer, requestsRpst(form) ? 'rpst' : 'upst', world);
  }
  const trustRequest = { jwt: form.get('subject_token') ?? '', clientId, resourceType };
  const { claims, principal } = await evaluateTrust(trustRequest, world);
  const expiry = form.get('rpst_exp');
  const token =
    'resource' in principal
      ? await issueRpst(world, principal.resource, publicKey, claims, expiry ? Number(expiry) : undefined)
      : await issueUpst(world, principal.user, publicKey, claims);
  world.secrets.add(token);
  // One member, unlike RFC 8693 section 2.2.1: no access_token, no expires_in.
  return json(200, { token }, { 'Cache-Control': 'no-store' });
}

function requestsRpst(form: URLSearchParams): boolean {
  return form.get('requested_token_type') === RPST;
}

/** RFC 6749 section 3.2: an empty parameter counts as missing. */
function checkParameters(form: URLSearchParams): void {
  const required: string[] = [...FIXED_PARAMETERS.map(([name]) => name), 'public_key', 'subject_token'];
  if (requestsRpst(form)) required.push('res_type');
  const missing = required.find((name) => !form.get(name));
  if (missing !== undefined) {
    throw refuse('missingParameter', `${missing} is missing`);
  }
  for (const [name, values, refusal] of FIXED_PARAMETERS) {
    if (!values.some((value) => value === form.get(name))) throw refuse(refusal, `wrong ${name}`);
  }
  if (requestsRpst(form) && !/^([1-9]\d{0,8})?$/.test(form.get('rpst_exp') ?? '')) {
    throw refuse('unsupportedValue', 'wrong rpst_exp');
  }
}
