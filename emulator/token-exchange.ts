// The grant that exchanges a JWT for a UPST.
// Source: "Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST". Must not know how GitHub is asked.
import { type EmulatorResponse, json } from './message.ts';
import { invalid, refusal, repetitionFault } from './oauth.ts';
import { readPublicKey } from './public-key.ts';
import { judge, type OAuthError } from './trust.ts';
import { issueUpst } from './upst.ts';
import type { World } from './world.ts';

/** Fields whose value is fixed; the other two, public_key and subject_token, are judged further down. */
const FIXED_FIELDS: readonly (readonly [name: string, value: string, error: string])[] = [
  ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange', 'unsupported_grant_type'],
  ['requested_token_type', 'urn:oci:token-type:oci-upst', 'invalid_request'],
  ['subject_token_type', 'jwt', 'invalid_request'],
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
  const verdict = await judge(form.get('subject_token') ?? '', clientId, world);
  if (!verdict.ok) {
    return refusal(verdict);
  }
  const token = await issueUpst(world, verdict.user, publicKey.key, verdict.claims.sub ?? '');
  world.secrets.add(token);
  // One member, unlike RFC 8693 section 2.2.1: no access_token, no expires_in.
  return json(200, { token }, { 'Cache-Control': 'no-store' });
}

/** RFC 6749 section 3.2: an empty parameter counts as absent. */
function formFault(form: URLSearchParams): OAuthError | undefined {
  const repeated = repetitionFault(form);
  if (repeated) {
    return repeated;
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
