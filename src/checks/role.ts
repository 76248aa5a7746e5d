// The way on to AWS: the questions that AWS will ask, and the role itself, whose credentials are thrown away.

import {
  assertAudience,
  checkPublishedKeys,
  currentSubject,
  decodeAccessToken,
  issuerOf,
} from '../aws/web-identity.ts';
import type { AwsConfig } from '../inputs/config.ts';
import type { InputName } from '../inputs/schema.ts';
import { openAwsSession } from '../login/aws-session.ts';
import { requestAccessToken } from '../oci/access-token.ts';
import type { DomainAnswer } from '../oci/discovery.ts';
import { quote } from '../response.ts';
import type { Outcome } from './check.ts';
import type { Consultation } from './doctor.ts';

const CLIENT: InputName[] = ['client-id', 'client-secret', 'aws-client-id', 'aws-client-secret', 'aws-scope'];
const REQUEST: InputName[] = [
  'aws-role-session-name',
  'aws-role-duration-seconds',
  'aws-session-policy',
  'aws-managed-session-policies',
  'aws-allowed-account-ids',
  'aws-sts-endpoint',
];
const MINUTE_MS = 60_000;

export async function checkRole(consultation: Consultation, domain: Outcome<DomainAnswer>): Promise<void> {
  const { checkup, runner, http, clock, given, config } = consultation;
  const { domainUrl } = config;
  const aws = roleWanted(consultation);
  checkup.begin('AWS');
  const token = await checkup.check('access token', [aws, domain, given(...CLIENT)], async (role) => {
    const value = await requestAccessToken(http, { ...role, domainUrl, credentials: role.client });
    runner.mask(value);
    const claims = decodeAccessToken(value);
    const subject = currentSubject(claims, clock.now());
    const expiresAt = (claims.exp ?? 0) * 1000;
    const minutes = Math.round((expiresAt - clock.now()) / MINUTE_MS);
    const identity = { token: value, subject, expiresAt, keyId: claims.kid };
    return { value: { role, claims, identity }, text: `sub ${subject}, for ${minutes} min` };
  });
  const issuer = await checkup.check('issuer', [token], ({ claims, identity }) => {
    const text = issuerOf(claims, domainUrl);
    return { value: { ...identity, issuer: text }, text };
  });
  const audience = await checkup.check('audience', [token, given('aws-audience')], ({ claims, role }) => {
    assertAudience(claims, role.audience);
    return { value: role, text: `${role.audience}, alone` };
  });
  const key = await checkup.check('published key', [issuer], async (identity) => {
    const advice = [await checkPublishedKeys(http, identity)];
    return {
      value: identity,
      text: `${quote(identity.keyId ?? 'one', [])} is where AWS will look for it`,
      advice,
    };
  });
  await checkup.check('role', [key, audience, given(...REQUEST)], async (found, role) => {
    const { assumeRole: assume } = await import('../aws/assume-role.ts');
    const identity = { ...found, audience: role.audience };
    const opened = await openAwsSession(consultation, role, { identity, assume });
    const { assumedRoleArn, expiresAt } = opened.credentials;
    const minutes = Math.round((expiresAt - clock.now()) / MINUTE_MS);
    return { value: null, text: `${assumedRoleArn}, for ${minutes} min` };
  });
}

/** Without a role and a region in order there is no configuration for AWS. */
function roleWanted({ config, given }: Consultation): Outcome<AwsConfig> {
  const known = given('aws-role-arn', 'aws-region');
  if (!known.done) return known;
  return config.aws ? { done: true, value: config.aws } : { done: false, missing: '`aws-role-arn`' };
}
