// Changes a successful response so that only a careless client accepts it: the right format with the wrong token.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { decodeJwt, type JWTPayload, SignJWT } from 'jose';
import { publicJwk, signSessionToken } from '../domain/session-token.ts';
import { type AnyService, type EmulatorResponse, json } from '../server/message.ts';
import { signingKey, type World } from '../server/world.ts';
import type { FaultList, ResponseMutation } from './faults.ts';

/** The member of a JSON response that has the token. */
const MEMBERS = { 'id-token': 'value', 'session-token': 'token', 'access-token': 'access_token' } as const;

const CODINGS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;

type Token = keyof typeof MEMBERS;
type Kind = ResponseMutation['kind'];
type Issued = { credential: Token; jwt: string } | { credential: 'role-credentials' };

/** Returns the response unchanged when no mutation waits for it. */
export async function mutateResponse(
  response: EmulatorResponse,
  service: AnyService,
  faults: FaultList,
  world: World,
): Promise<EmulatorResponse> {
  const issued = response.status === 200 ? issuedIn(response, service) : undefined;
  const mutation = issued && faults.takeMutation(service, issued.credential);
  if (!issued || !mutation) return response;
  const reason = `fault: ${mutation.kind}`;
  if (mutation.kind === 'wrong-content-type') {
    return { ...response, headers: { ...response.headers, 'Content-Type': 'text/html' }, reason };
  }
  if (isCoding(mutation.kind)) {
    const headers = { ...response.headers, 'Content-Encoding': mutation.kind };
    return { ...response, headers, body: CODINGS[mutation.kind](response.body), reason };
  }
  const body =
    issued.credential === 'role-credentials'
      ? Buffer.from(mutateXml(response.body.toString('utf8'), mutation.kind, world))
      : json(200, await mutateJson(issued.credential, issued.jwt, mutation.kind, world)).body;
  return { ...response, body, reason };
}

function isCoding(kind: Kind): kind is keyof typeof CODINGS {
  return Object.hasOwn(CODINGS, kind);
}

function issuedIn({ body }: EmulatorResponse, service: AnyService): Issued | undefined {
  const text = body.toString('utf8');
  if (service === 'sts') {
    return text.includes('<AssumeRoleWithWebIdentityResult>')
      ? { credential: 'role-credentials' }
      : undefined;
  }
  if (service !== 'github' && service !== 'domain' && service !== 'auth') return undefined;
  const tokens: Token[] = service === 'github' ? ['id-token'] : ['session-token', 'access-token'];
  const members: Record<string, unknown> = Object(JSON.parse(text));
  const credential = tokens.find((token) => typeof members[MEMBERS[token]] === 'string');
  return credential && { credential, jwt: String(members[MEMBERS[credential]]) };
}

async function mutateJson(
  token: Token,
  jwt: string,
  kind: Kind,
  world: World,
): Promise<Record<string, unknown>> {
  const member = MEMBERS[token];
  switch (kind) {
    case 'empty-token':
      return { [member]: '' };
    case 'no-token':
      return {};
    case 'wrong-type':
      return { [member]: 1_700_000_000 };
    default: {
      const changed =
        kind === 'not-a-jwt'
          ? jwt.split('.', 2).join('.')
          : await sign(token, await mutateClaims(token, decodeJwt(jwt), kind, world), kind, world);
      world.secrets.add(changed);
      return { [member]: changed };
    }
  }
}

/** Of the three secrets in the credentials, only the session token is changed. */
function mutateXml(text: string, kind: Kind, world: World): string {
  const expiration = (value: string) =>
    text.replace(/<Expiration>.*?<\/Expiration>/, `<Expiration>${value}</Expiration>`);
  switch (kind) {
    case 'empty-token':
      return text.replace(/<SessionToken>.*?<\/SessionToken>/s, '<SessionToken></SessionToken>');
    case 'no-token':
      return text.replace(/<SessionToken>.*?<\/SessionToken>/s, '');
    case 'wrong-type':
      return expiration('1700000000');
    case 'expired':
      return expiration(new Date(world.now() - 3_600_000).toISOString());
    case 'other-tenancy':
      return text.replace(/(<Arn>arn:[a-z-]+:sts::)\d{12}:/, '$1999999999999:');
    default:
      return text;
  }
}

async function mutateClaims(token: Token, claims: JWTPayload, kind: Kind, world: World): Promise<JWTPayload> {
  const now = Math.floor(world.now() / 1000);
  const lifetimeFrom = (issued: number) => ({ iat: issued, exp: issued + 3600 });
  switch (kind) {
    case 'expired':
      return {
        ...claims,
        ...(claims.nbf === undefined ? {} : { nbf: now - 7800 }),
        ...lifetimeFrom(now - 7200),
      };
    case 'not-yet-valid':
      return { ...claims, nbf: now + 3600, ...lifetimeFrom(now + 3600) };
    case 'other-audience':
      return { ...claims, aud: 'https://elsewhere.example' };
    case 'other-tenancy':
      return token === 'session-token'
        ? { ...claims, tenant: `ocid1.tenancy.oc1..aaaa${'other'.repeat(11)}a` }
        : { ...claims, iss: 'https://elsewhere.example' };
    default:
      return token === 'session-token' ? mutateSession(claims, kind) : claims;
  }
}

async function mutateSession(claims: JWTPayload, kind: Kind): Promise<JWTPayload> {
  const { jwk, tenant, ...rest } = claims;
  switch (kind) {
    case 'no-jwk':
      return { ...rest, tenant };
    case 'other-key':
      return { ...claims, jwk: JSON.stringify(await publicJwk((await signingKey('other')).publicKey)) };
    case 'no-tenant':
      return { ...rest, jwk };
    case 'injected-tenant':
      // Without validation, this adds a line to the profile.
      return { ...claims, tenant: `${tenant}\nkey_file=/tmp/injected.pem` };
    default:
      return claims;
  }
}

/** The signature is valid, except of a JWT with `other-key`. */
async function sign(token: Token, claims: JWTPayload, kind: Kind, world: World): Promise<string> {
  if (token === 'session-token') return signSessionToken(world, claims);
  const issuerKey = token === 'id-token' ? world.githubKey : world.domainKey;
  const { kid, privateKey } = kind === 'other-key' ? await signingKey('other') : issuerKey;
  return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid }).sign(privateKey);
}
