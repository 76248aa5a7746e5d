// The token endpoint: authenticates the caller, then passes the form to the grant that it asks for. Source: RFC 6749.

import { scimErrorResponse } from '../scim/responses.ts';
import { type EmulatorRequest, type EmulatorResponse, isForm } from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { authenticateCaller, isSignedRequest } from './callers.ts';
import { clientCredentials } from './client-credentials.ts';
import { oauthErrorResponse, refuse } from './responses.ts';
import { tokenExchange } from './token-exchange.ts';
import { requestsAccessToken, twoLegged } from './two-legged.ts';

export async function tokenEndpoint(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  try {
    return await grantToken(request, world);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    const isScim = isSignedRequest(request) && world.settings.exchangeDenial.form === 'scim';
    return (isScim ? scimErrorResponse : oauthErrorResponse)(serviceError(error, world));
  }
}

async function grantToken(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  if (request.method !== 'POST') {
    throw refuse('wrongMethod', 'only POST is supported');
  }
  const form = new URLSearchParams(request.body.toString('utf8'));
  for (const secret of [...form.getAll('subject_token'), ...form.getAll('client_secret')]) {
    if (secret !== '') world.secrets.add(secret);
  }
  if (!isForm(request)) {
    throw refuse('wrongContentType', 'content type is not a form');
  }
  const caller = await authenticateCaller(request, form, world);
  // RFC 6749 section 3.2: no parameter may be repeated.
  const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
  if (repeated !== undefined) {
    throw refuse('repeatedParameter', `${repeated} given more than once`);
  }
  if (form.get('grant_type') === 'client_credentials') {
    if ('signer' in caller) throw refuse('unsupportedGrant', 'client_credentials with a signature');
    return clientCredentials(form, caller.client, world);
  }
  return 'signer' in caller && requestsAccessToken(form)
    ? twoLegged(form, caller.signer, world)
    : tokenExchange(form, caller, world);
}
