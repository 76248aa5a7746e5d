// What every grant of a token endpoint shares: the form, the client's authentication, the shape of a refusal.
// Source: RFC 6749. Must not know any grant.

import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  sameSecret,
  single,
  strictBase64,
} from '../server/message.ts';
import type { World } from '../server/world.ts';
import { awsClientId } from '../sts/aws-accounts.ts';
import type { OAuthError } from './trust.ts';

export type ClientResult = { ok: true; clientId: string } | { ok: false; error: OAuthError };

export function contentTypeFault(request: EmulatorRequest): OAuthError | undefined {
  const type = single(request, 'content-type') ?? '';
  return isForm(type)
    ? undefined
    : invalid('The content type is not supported.', 'content type is not a form');
}

export function isForm(contentType: string): boolean {
  return /^application\/x-www-form-urlencoded(\s*;\s*charset=utf-8)?$/i.test(contentType);
}

/** RFC 6749 section 2.3.1, without its percent-encoding: Oracle's SDKs send id and secret as they are. */
export function authenticate(request: EmulatorRequest, world: World): ClientResult {
  const basic = /^Basic (\S+)$/i.exec(single(request, 'authorization') ?? '')?.[1] ?? '';
  const pair = strictBase64(basic)?.toString('utf8') ?? '';
  const secret = pair.slice(pair.indexOf(':') + 1);
  if (secret !== '') {
    world.secrets.add(secret);
  }
  const apps = appsOf(world);
  const app = apps.find(({ clientId, clientSecret }) => sameSecret(pair, `${clientId}:${clientSecret}`));
  if (app) {
    return { ok: true, clientId: app.clientId };
  }
  const known = apps.some(({ clientId }) => pair.startsWith(`${clientId}:`));
  const reason = known ? 'wrong client secret' : 'no or unknown client';
  const description = 'Client authentication failed.';
  return { ok: false, error: { status: 401, error: 'invalid_client', description, reason } };
}

/** The app of the exchange, and the one for AWS, which may be the same. */
function appsOf(world: World): { clientId: string; clientSecret: string }[] {
  const { clientId, clientSecret, awsClientSecret } = world.settings;
  return [
    { clientId, clientSecret },
    { clientId: awsClientId(world), clientSecret: awsClientSecret ?? clientSecret },
  ];
}

/** RFC 6749 section 3.2: no parameter twice. */
export function repetitionFault(form: URLSearchParams): OAuthError | undefined {
  const twice = [...form.keys()].find((name) => form.getAll(name).length > 1);
  return twice === undefined
    ? undefined
    : invalid('A parameter is repeated.', `${twice} given more than once`);
}

export function invalid(description: string, reason: string): OAuthError {
  return { status: 400, error: 'invalid_request', description, reason };
}

/** RFC 6749 section 5.2. */
export function refusal({ status, error, description, reason }: OAuthError): EmulatorResponse {
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' };
  if (error === 'invalid_client') {
    headers['WWW-Authenticate'] = 'Basic realm="identity-domain"';
  }
  return { ...json(status, { error, error_description: description }, headers), reason };
}
