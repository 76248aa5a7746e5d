// An identity domain's token endpoint: authenticates the app, then leaves the form to the grant it asks for.
// Must not know what a grant gives.

import type { EmulatorRequest, EmulatorResponse } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { clientCredentials } from './client-credentials.ts';
import { authenticate, contentTypeFault, refusal } from './oauth.ts';
import { exchange } from './token-exchange.ts';

export async function tokenEndpoint(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
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
  const fault = contentTypeFault(request);
  if (fault) {
    return refusal(fault);
  }
  const client = authenticate(request, world);
  if (!client.ok) {
    return refusal(client.error);
  }
  return form.get('grant_type') === 'client_credentials'
    ? clientCredentials(form, client.clientId, world)
    : exchange(form, client.clientId, world);
}

function remember(form: URLSearchParams, world: World): void {
  const received = [...form.getAll('subject_token'), ...form.getAll('client_secret')];
  for (const secret of received.filter((value) => value !== '')) {
    world.secrets.add(secret);
  }
}
