// AWS STS in miniature: finds the action of a form, for AssumeRoleWithWebIdentity and GetCallerIdentity.
// Source: STS API Reference, version 2011-06-15. Must not know how a token or a signature is judged.

import { isForm } from '../domain/oauth.ts';
import { type EmulatorRequest, type EmulatorResponse, pathOf, single } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { caller } from './caller.ts';
import { type StsError, stsError, stsResult } from './responses.ts';
import { assumeRole } from './web-identity.ts';

const VERSION = '2011-06-15';

export async function handleSts(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const form = isForm(single(request, 'content-type') ?? '')
    ? new URLSearchParams(request.body.toString('utf8'))
    : new URLSearchParams();
  const token = form.get('WebIdentityToken') ?? '';
  if (token !== '') {
    world.secrets.add(token);
  }
  const refused = doorFault(request, form);
  if (refused) {
    return stsError(refused, request.requestId);
  }
  const action = form.get('Action') ?? '';
  const result = await (action === 'GetCallerIdentity'
    ? caller(request, world)
    : assumeRole(request, form, world));
  return result.ok
    ? stsResult(action, result.members, request.requestId)
    : stsError(result.error, request.requestId);
}

function doorFault(request: EmulatorRequest, form: URLSearchParams): StsError | undefined {
  if (pathOf(request) !== '/') {
    return {
      status: 404,
      code: 'InvalidAction',
      message: 'There is no such resource.',
      reason: 'no such path',
    };
  }
  if (request.method !== 'POST') {
    // Our choice: the real one takes GET too, but a token in a URL ends up in the logs of proxies.
    const message = 'Only POST is served here.';
    return { status: 405, code: 'InvalidAction', message, reason: 'only POST is served here' };
  }
  if (new Set(form.keys()).size < [...form.keys()].length) {
    const message = 'The query string contains a syntax error.';
    return { status: 400, code: 'MalformedQueryString', message, reason: 'a parameter is repeated' };
  }
  const action = form.get('Action');
  if (!action) {
    // The real one redirects a browser to the product page; a form without Action earns this code.
    const message = 'The request is missing an action or operation parameter.';
    return { status: 400, code: 'MissingAction', message };
  }
  const version = form.get('Version') || 'NO_VERSION_SPECIFIED';
  const known = action === 'AssumeRoleWithWebIdentity' || action === 'GetCallerIdentity';
  return known && version === VERSION
    ? undefined
    : {
        status: 400,
        code: 'InvalidAction',
        message: `Could not find operation ${action} for version ${version}`,
        reason: 'unknown action or version',
      };
}
