// The endpoints where a job of Forgejo or Azure DevOps, or the agent of Buildkite or CircleCI, requests a token.
import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  parseObject,
  queryOf,
  sameSecret,
  single,
} from '../server/message.ts';
import { AZURE_DEVOPS, pipelineClaims } from './azure-devops.ts';
import { CIRCLECI } from './circleci.ts';
import { FORGEJO } from './forgejo.ts';
import type { Issuer } from './issuer.ts';
import {
  AZURE_DEVOPS_REFUSALS,
  BUILDKITE_REFUSALS,
  CIRCLECI_REFUSALS,
  ciError,
  FORGEJO_REFUSALS,
} from './responses.ts';
import { SYSTEMS } from './systems.ts';

const BUILDKITE_LONGEST_SECONDS = 7200;

/** GitHub's protocol. */
export async function forgejoToken(request: EmulatorRequest, issuer: Issuer): Promise<EmulatorResponse> {
  const { world, origin } = issuer;
  if (request.method !== 'GET') return ciError(FORGEJO_REFUSALS.wrongMethod, world);
  if (single(request, 'authorization') === undefined) return ciError(FORGEJO_REFUSALS.noBearer, world);
  if (!isAuthorized(request, issuer)) return ciError(FORGEJO_REFUSALS.wrongBearer, world);
  const audience = queryOf(request).get('audience') || `${origin}/${FORGEJO.owner}`;
  const value = await issuer.issue(audience);
  return { ...json(200, { count: value.length, value }), audience };
}

export async function azureToken(request: EmulatorRequest, issuer: Issuer): Promise<EmulatorResponse> {
  const { world, origin } = issuer;
  const values = { method: request.method };
  if (request.method !== 'POST') return ciError(AZURE_DEVOPS_REFUSALS.wrongMethod, world, values);
  if (!isAuthorized(request, issuer)) {
    const suppressed = single(request, 'x-tfs-fedauthredirect')?.toLowerCase() === 'suppress';
    return ciError(AZURE_DEVOPS_REFUSALS[suppressed ? 'unauthorized' : 'signIn'], world);
  }
  const query = queryOf(request);
  if (!query.get('api-version')) return ciError(AZURE_DEVOPS_REFUSALS.noApiVersion, world, values);
  const connection = query.get('serviceConnectionId');
  if (connection !== null && connection !== AZURE_DEVOPS.connectionId)
    return ciError(AZURE_DEVOPS_REFUSALS.unknownConnection, world);
  const audience = SYSTEMS['azure-devops'].fixedAudience ?? '';
  const options = connection === null ? { claims: pipelineClaims(origin) } : {};
  return { ...json(200, { oidcToken: await issuer.issue(audience, options) }), audience };
}

export async function buildkiteToken(request: EmulatorRequest, issuer: Issuer): Promise<EmulatorResponse> {
  const { world, url } = issuer;
  if (request.method !== 'POST') return ciError(BUILDKITE_REFUSALS.notFound, world);
  if (!isAuthorized(request, issuer, 'Token')) return ciError(BUILDKITE_REFUSALS.unauthorized, world);
  const { audience = `${url}/acme`, lifetime } = parseObject(request.body) ?? {};
  if (Number(lifetime ?? 0) > BUILDKITE_LONGEST_SECONDS)
    return ciError(BUILDKITE_REFUSALS.invalidLifetime, world);
  const options = lifetime === undefined ? {} : { lifetimeSeconds: Number(lifetime) };
  return {
    ...json(200, { token: await issuer.issue(String(audience), options) }),
    audience: String(audience),
  };
}

/** Not published: the agent of a job requests tokens for `circleci run oidc get`. */
export async function circleciToken(request: EmulatorRequest, issuer: Issuer): Promise<EmulatorResponse> {
  const { world } = issuer;
  if (request.method !== 'POST') return ciError(CIRCLECI_REFUSALS.notFound, world);
  if (!isAuthorized(request, issuer)) return ciError(CIRCLECI_REFUSALS.unauthorized, world);
  const { aud = CIRCLECI.organizationId, ...others } = parseObject(request.body) ?? {};
  if (Object.keys(others).length > 0) return ciError(CIRCLECI_REFUSALS.invalidClaims, world);
  return { ...json(200, { token: await issuer.issue(String(aud)) }), audience: String(aud) };
}

/** Whether the request carries the credential of the job, in the scheme that the system uses. */
function isAuthorized(request: EmulatorRequest, issuer: Issuer, scheme = 'Bearer'): boolean {
  const [, given = ''] =
    new RegExp(`^${scheme} ([^ ]+)$`, 'i').exec(single(request, 'authorization') ?? '') ?? [];
  return sameSecret(given, issuer.bearer);
}
