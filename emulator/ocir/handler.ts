// The Container Registry (OCIR): its tokens, and the registry on the same origin. A client gets a token with a signed request,
// and presents it as the password of the user BEARER_TOKEN to get one for a repository.
// Sources: Container Registry API, "GetAccessToken"; Docker Registry v2 token authentication.
import { ociError } from '../oci/api-errors.ts';
import { verifyRequest } from '../oci/request-signature.ts';
import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  pathOf,
  queryOf,
  sameSecret,
  single,
  strictBase64,
} from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { handleRegistry } from './registry.ts';
import { refuse, registryError } from './responses.ts';
import { issueToken, TOKEN_PATH, verifyToken } from './tokens.ts';

const USER = 'BEARER_TOKEN';

export async function handleOcir(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const isSigned = /^Signature /i.test(single(request, 'authorization') ?? '');
  try {
    if (pathOf(request) !== TOKEN_PATH) return await handleRegistry(request, world);
    if (request.method !== 'GET') throw refuse('unsupported', 'only GET is supported');
    const user = await (isSigned ? signingUser(request, world) : userOfPassword(request, world));
    const query = queryOf(request);
    const scopes = query.getAll('scope').flatMap((scope) => scope.split(' '));
    const asked = scopes.filter((scope) => scope !== '');
    return json(200, await issueToken(user, asked, query.get('service') ?? '', world));
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    return (isSigned ? ociError : registryError)(serviceError(error, world));
  }
}

async function signingUser(request: EmulatorRequest, world: World): Promise<string> {
  const signature = await verifyRequest(request, world);
  if (!signature.ok) throw refuse('notAuthenticated', signature.reason);
  const { user, tenancy, isResource } = signature.principal;
  if (tenancy !== world.settings.tenancy) throw refuse('notAuthenticated', 'another tenancy');
  if (isResource && !world.settings.ocirAcceptsRpst) throw refuse('resourceSession', 'a resource session');
  return user;
}

/** RFC 7617 section 2. */
async function userOfPassword(request: EmulatorRequest, world: World): Promise<string> {
  const header = single(request, 'authorization');
  if (header === undefined) throw refuse('anonymous', 'no credentials');
  const pair = strictBase64(/^Basic (\S+)$/i.exec(header)?.[1] ?? '')?.toString('utf8') ?? '';
  const colon = pair.indexOf(':');
  const password = pair.slice(colon + 1);
  if (password !== '') world.secrets.add(password);
  if (!sameSecret(pair.slice(0, colon), USER)) throw refuse('password', `user is not ${USER}`);
  const result = await verifyToken(password, world);
  if (!result.ok) throw refuse('password', result.reason);
  const { access, user } = result.token;
  if (access !== undefined && !world.settings.ocirAcceptsScopedPassword) {
    throw refuse('password', 'token: for certain repositories');
  }
  return user;
}
