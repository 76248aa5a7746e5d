// The token endpoint: authenticates the client, then passes the form to the grant that it asks for. Source: RFC 6749.
import {
  type EmulatorRequest,
  type EmulatorResponse,
  isForm,
  sameSecret,
  single,
  strictBase64,
} from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import { awsClientId, type World } from '../server/world.ts';
import { clientCredentials } from './client-credentials.ts';
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
  const clientId = authenticate(request, world);
  // RFC 6749 section 3.2: no parameter may be repeated.
  const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
  if (repeated !== undefined) {
    throw refuse('repeatedParameter', `${repeated} given more than once`);
  }
  return form.get('grant_type') === 'client_credentials'
    ? clientCredentials(form, clientId, world)
    : tokenExchange(form, clientId, world);
}

/**
 * RFC 6749 section 2.3.1, without its percent-encoding: Oracle's SDKs send id and secret as they are.
 * @returns the client id
 */
function authenticate(request: EmulatorRequest, world: World): string {
  const basic = /^Basic (\S+)$/i.exec(single(request, 'authorization') ?? '')?.[1] ?? '';
  const pair = strictBase64(basic)?.toString('utf8') ?? '';
  const secret = pair.slice(pair.indexOf(':') + 1);
  if (secret !== '') world.secrets.add(secret);
  const { clientId, clientSecret, awsClientSecret } = world.settings;
  const clients = [
    { id: clientId, secret: clientSecret },
    { id: awsClientId(world), secret: awsClientSecret ?? clientSecret },
  ];
  const client = clients.find(({ id, secret }) => sameSecret(pair, `${id}:${secret}`));
  if (client) return client.id;
  const isKnown = clients.some(({ id }) => pair.startsWith(`${id}:`));
  throw refuse('clientRejected', isKnown ? 'wrong client secret' : 'no or unknown client');
}
