// Tokens of the registry: JWTs that list what their bearer may do. Source: Docker Registry v2 token authentication.
import { randomUUID } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { scaled, type World } from '../server/world.ts';
import { refuse } from './responses.ts';

export const TOKEN_PATH = '/20180419/docker/token';
const ISSUER = 'ocir';
const SCOPE = /^repository:([^:]+):([a-z,*]+)$/;

/** An entry of the claim `access`. */
interface Access {
  type: string;
  name: string;
  actions: readonly string[];
}

export interface RegistryToken {
  /** OCID of the user. */
  user: string;
  /** Of the scoped token; undefined for one that is a password. */
  access: readonly Access[] | undefined;
  service: string;
}

export type RegistryTokenResult = { ok: true; token: RegistryToken } | { ok: false; reason: string };

/**
 * @param scopes such as `repository:acmenamespace/web:pull,push`; none for a token that is a password
 * @param service the registry that shall accept the token
 * @throws {RefusedRequest} for a malformed scope
 */
export async function issueToken(
  user: string,
  scopes: readonly string[],
  service: string,
  world: World,
): Promise<Record<string, unknown>> {
  const { ocirTokenLifetimeSeconds, ocirTokenMembers } = world.settings;
  const lifetime = scaled(ocirTokenLifetimeSeconds, world.settings);
  const issued = Math.floor(world.now() / 1000);
  if (!scopes.every((scope) => SCOPE.test(scope))) throw refuse('badScope', 'malformed scope');
  const key = await world.ocirKey();
  const access = scopes.length === 0 ? {} : { access: scopes.flatMap((scope) => allowed(scope, world)) };
  const token = await new SignJWT({ ...access, tenant: world.settings.tenancy, jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
    .setIssuer(ISSUER)
    .setSubject(user)
    .setAudience(service)
    .setIssuedAt(issued)
    .setNotBefore(issued)
    .setExpirationTime(issued + lifetime)
    .sign(key.privateKey);
  world.secrets.add(token);
  const scope = scopes.length === 0 ? {} : { scope: scopes.join(' ') };
  return { token, ...scope, expires_in: lifetime, ...ocirTokenMembers };
}

/** What the policies allow of a scope. As the specification says, the rest is left out without an error. */
function allowed(scope: string, { settings }: World): Access[] {
  const [, name = '', actions = ''] = SCOPE.exec(scope) ?? [];
  const inNamespace = name.startsWith(`${settings.namespace}/`);
  const granted = { manage: ['pull', 'push', 'delete'], read: ['pull'], none: [] }[settings.ocirAccess];
  const left = actions.split(',').filter((action) => inNamespace && (granted as string[]).includes(action));
  return left.length === 0 ? [] : [{ type: 'repository', name, actions: left }];
}

export async function verifyToken(jwt: string, world: World): Promise<RegistryTokenResult> {
  world.secrets.add(jwt);
  const key = await world.ocirKey();
  try {
    const { payload } = await jwtVerify(jwt, key.publicKey, {
      algorithms: ['RS256'],
      issuer: ISSUER,
      currentDate: new Date(world.now()),
      requiredClaims: ['exp', 'sub', 'aud'],
    });
    return { ok: true, token: contentOf(payload) };
  } catch (error) {
    const detail = error instanceof errors.JOSEError ? error.message : 'cannot be verified';
    return { ok: false, reason: `token: ${detail}` };
  }
}

function contentOf({ sub = '', aud, access }: JWTPayload): RegistryToken {
  return { user: sub, service: String(aud), access: access as readonly Access[] | undefined };
}

/** Whether a verified token allows an action in a repository. */
export function allows({ access = [] }: RegistryToken, name: string, action: string): boolean {
  return access.some((one) => one.name === name && one.actions.includes(action));
}
