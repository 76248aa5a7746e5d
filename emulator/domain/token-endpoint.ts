// The token endpoint: authenticates the client, then passes the form to the grant that it asks for. Source: RFC 6749.
import {
  type EmulatorRequest,
  type EmulatorResponse,
  isForm,
  single,
  strictBase64,
} from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { clientCredentials } from './client-credentials.ts';
import { type Client, clientWith, isKnownClient } from './clients.ts';
import { oauthErrorResponse, refuse } from './responses.ts';
import { tokenExchange } from './token-exchange.ts';

export async function tokenEndpoint(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  try {
    return await grantToken(request, world);
  } catch (error) {
    if (error instanceof RefusedRequest) return oauthErrorResponse(serviceError(error, world));
    throw error;
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
  const client = authenticate(request, world);
  // RFC 6749 section 3.2: no parameter may be repeated.
  const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
  if (repeated !== undefined) {
    throw refuse('repeatedParameter', `${repeated} given more than once`);
  }
  return form.get('grant_type') === 'client_credentials'
    ? clientCredentials(form, client, world)
    : tokenExchange(form, client.id, world);
}

/** RFC 6749 section 2.3.1, without its percent-encoding: Oracle's SDKs send id and secret as they are. */
function authenticate(request: EmulatorRequest, world: World): Client {
  const basic = /^Basic (\S+)$/i.exec(single(request, 'authorization') ?? '')?.[1] ?? '';
  const pair = strictBase64(basic)?.toString('utf8') ?? '';
  const secret = pair.slice(pair.indexOf(':') + 1);
  if (secret !== '') world.secrets.add(secret);
  const client = clientWith(pair, world);
  if (client) return client;
  throw refuse('clientRejected', isKnownClient(pair, world) ? 'wrong client secret' : 'no or unknown client');
}
