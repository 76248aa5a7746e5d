// An OIDC issuer of a CI system other than GitHub: signs the tokens of a job, and serves the discovery document and the keys.
import { randomUUID } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import type { Emulator, Trust } from '../server/start.ts';
import { type PublishedKeys, type SigningKey, scaled, signingKey } from '../server/world.ts';
import { handleIssuer } from './handler.ts';
import { type CiSystem, SYSTEMS, type SystemForm } from './systems.ts';

/** Replaces the tokens of a job. `other-audience` is signed and valid for another audience. */
export type TokenFault = 'empty' | 'expired' | 'other-audience';

export interface IssuerOptions {
  /**
   * Which of two forms a system uses: `new` is what it uses today for a new project, and the default. `old` is the `sub`
   * without ids of Forgejo, the issuer vstoken.dev.azure.com of Azure DevOps, and the `sub` without branch of CircleCI.
   */
  form?: SystemForm;
  /** Overrides claims of the job; undefined removes one. */
  claims?: Readonly<Record<string, unknown>>;
  /** Of each token, before `lifetimeScale`; the system's own by default. */
  lifetimeSeconds?: number;
}

export interface Issuer extends PublishedKeys {
  readonly system: CiSystem;
  readonly form: SystemForm;
  /** Where it listens. */
  readonly origin: string;
  /** The `iss` of its tokens. */
  readonly url: string;
  /** Where its keys are: the `publicKeyEndpoint` of a trust. */
  readonly keysUrl: string;
  /** Authorizes a job, or its agent, to request tokens. */
  readonly bearer: string;
  /** Overrides claims of the next tokens. */
  claims: Readonly<Record<string, unknown>>;
  lifetimeSeconds: number;
  /** Changes the next tokens. */
  fault: TokenFault | undefined;
  readonly world: Emulator['world'];
  /** Signs a token. Several audiences become an array; Kubernetes has an array always. */
  issue(audience: string | readonly string[], options?: TokenOptions): Promise<string>;
}

export interface TokenOptions {
  lifetimeSeconds?: number;
  /** Overrides the claims of this token; `issuer.claims` overrides these. */
  claims?: Readonly<Record<string, unknown>>;
}

/** It ends with the emulator. */
export async function startIssuer(
  emulator: Emulator,
  system: CiSystem,
  options: IssuerOptions = {},
): Promise<Issuer> {
  const { world } = emulator;
  const spec = SYSTEMS[system];
  const { form = 'new', claims = {}, lifetimeSeconds = spec.lifetimeSeconds } = options;
  const key = await signingKey(randomUUID());
  const bearer = `${system}-${randomUUID()}`;
  world.secrets.add(bearer);
  const server = await emulator.openCi((request) => handleIssuer(request, issuer));
  const issuer: Issuer = {
    system,
    form,
    origin: server.url,
    url: `${server.url}${spec.issuerPath(form)}`,
    keysUrl: `${server.url}${spec.keysPath(form)}`,
    keys: [key.jwk],
    isPublic: true,
    bearer,
    claims,
    lifetimeSeconds,
    fault: undefined,
    world,
    issue: (audience, options) => issue(issuer, key, audience, options),
  };
  world.issuers.push(issuer);
  return issuer;
}

/** A trust that fits the default job of the system, for `world.settings.trusts`. Its rule matches every run of the job. */
export function trustFor(issuer: Issuer): Partial<Trust> & Pick<Trust, 'issuer' | 'publicKeyEndpoint'> {
  const { settings } = issuer.world;
  const spec = SYSTEMS[issuer.system];
  return {
    issuer: issuer.url,
    publicKeyEndpoint: issuer.keysUrl,
    clientClaimValues: [spec.fixedAudience ?? settings.audience],
    impersonationServiceUsers: [
      { rule: `sub eq ${spec.rule(issuer.form, issuer.origin)}`, value: settings.serviceUser.id },
    ],
  };
}

async function issue(
  issuer: Issuer,
  key: SigningKey,
  audience: string | readonly string[],
  { lifetimeSeconds = issuer.lifetimeSeconds, claims = {} }: TokenOptions = {},
): Promise<string> {
  if (issuer.fault === 'empty') return '';
  const { world, form, origin } = issuer;
  const spec = SYSTEMS[issuer.system];
  const lifetime = scaled(lifetimeSeconds, world.settings);
  const now = Math.floor(world.now() / 1000);
  const issued = issuer.fault === 'expired' ? now - 2 * lifetime : now;
  const payload: JWTPayload = {
    ...spec.claims(form, origin),
    iss: issuer.url,
    aud: audienceOf(issuer, audience),
    iat: issued,
    exp: issued + lifetime,
    ...(spec.notBeforeSeconds === undefined ? {} : { nbf: issued - spec.notBeforeSeconds }),
    ...(spec.hasTokenId ? { jti: randomUUID() } : {}),
    ...claims,
    ...issuer.claims,
  };
  const token = await new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...(spec.hasType ? { typ: 'JWT' } : {}) })
    .sign(key.privateKey);
  world.secrets.add(token);
  return token;
}

function audienceOf({ fault, system }: Issuer, audience: string | readonly string[]): string | string[] {
  const wanted = fault === 'other-audience' ? ['https://other.example'] : [audience].flat();
  const [single = ''] = wanted;
  return wanted.length === 1 && system !== 'kubernetes' ? single : [...wanted];
}
