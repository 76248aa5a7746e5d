// Changes a good answer into one that only a careless client would take: the right shape with the wrong token.
// Must not know when: that is the fault list's business.
import { decodeJwt, type JWTPayload, SignJWT } from 'jose';
import type { AnswerMutation } from './faults.ts';
import { type EmulatorResponse, json, type Service } from './message.ts';
import { publicJwk, signUpst } from './upst.ts';
import { signingKey, type World } from './world.ts';

/** The token of a successful answer: GitHub calls it `value`, a domain `token`. Access tokens are left alone. */
export function tokenOf(service: Service, response: EmulatorResponse): string | undefined {
  if ((service !== 'github' && service !== 'domain') || response.status !== 200) {
    return undefined;
  }
  const answer: unknown = JSON.parse(response.body.toString('utf8'));
  const token = new Map(Object.entries(Object(answer))).get(memberOf(service));
  return typeof token === 'string' ? token : undefined;
}

export async function mutate(
  response: EmulatorResponse,
  token: string,
  mutation: AnswerMutation,
  service: Service,
  world: World,
): Promise<EmulatorResponse> {
  const member = memberOf(service);
  const answer = async (): Promise<Record<string, unknown>> => {
    switch (mutation.kind) {
      case 'empty-token':
        return { [member]: '' };
      case 'no-token':
        return {};
      case 'not-a-jwt':
        return { [member]: token.split('.', 2).join('.') };
      case 'token-under-access_token':
        return { access_token: token };
      default:
        return { [member]: await resign(service, await changed(decodeJwt(token), mutation, world), world) };
    }
  };
  const value = await answer();
  for (const secret of Object.values(value)) {
    if (typeof secret === 'string' && secret !== '') {
      world.secrets.add(secret);
    }
  }
  const { body } = json(200, value);
  return { ...response, body };
}

async function changed(claims: JWTPayload, { kind }: AnswerMutation, world: World): Promise<JWTPayload> {
  const { jwk, tenant, ...rest } = claims;
  const now = Math.floor(world.now() / 1000);
  switch (kind) {
    case 'expired':
      return {
        ...claims,
        ...(claims.nbf === undefined ? {} : { nbf: now - 7800 }),
        iat: now - 7200,
        exp: now - 3600,
      };
    case 'no-jwk':
      return { ...rest, tenant };
    case 'jwk-object':
      return { ...claims, jwk: typeof jwk === 'string' ? JSON.parse(jwk) : jwk };
    case 'other-key':
      return { ...claims, jwk: JSON.stringify(await publicJwk((await signingKey('other')).publicKey)) };
    case 'no-tenant':
      return { ...rest, jwk };
    case 'other-tenancy':
      return { ...claims, tenant: `ocid1.tenancy.oc1..aaaa${'other'.repeat(11)}a` };
    case 'injected-tenant':
      // Written into a profile as it stands, it would add a line of its own.
      return { ...claims, tenant: `${tenant}\nkey_file=/tmp/injected.pem` };
    default:
      return claims;
  }
}

/** The signature stays good: only what is said is wrong. */
async function resign(service: Service, claims: JWTPayload, world: World): Promise<string> {
  if (service === 'domain') {
    return signUpst(world, claims);
  }
  const { kid, privateKey } = world.githubKey;
  return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid }).sign(privateKey);
}

function memberOf(service: Service): 'token' | 'value' {
  return service === 'github' ? 'value' : 'token';
}
