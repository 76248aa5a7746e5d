// Source: the page of the plug-in OpenID Connect Provider (oidc-provider), and its source for the claims.
import type { SystemSpec } from './systems.ts';

export const JENKINS = { job: 'infra', buildNumber: 7 } as const;

/** The job's URL, with the slash at its end. */
const subject = (origin: string) => `${origin}/job/${JENKINS.job}/`;

export const jenkins: SystemSpec = {
  issuerPath: () => '/oidc',
  keysPath: () => '/oidc/jwks',
  // `tokenLifetime` of the plug-in.
  lifetimeSeconds: 3600,
  hasTokenId: false,
  hasType: false,
  claims: (_, origin) => ({ build_number: JENKINS.buildNumber, sub: subject(origin) }),
  rule: (_, origin) => subject(origin),
};
