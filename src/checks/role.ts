// The login to AWS: the domain's access token as AWS will check it, and the role, whose credentials are discarded.
import { checkPublishedKeys } from '../aws/published-keys.ts';
import { assertAudience, assertIssuer, currentSubject, decodeAccessToken } from '../aws/web-identity.ts';
import type { AwsConfig } from '../inputs/config.ts';
import type { InputName } from '../inputs/schema.ts';
import { requestAccessToken } from '../login/access-token.ts';
import { openRoleSession } from '../login/aws-session.ts';
import { quote } from '../response.ts';
import type { CheckResult } from './check.ts';
import type { CheckContext } from './doctor.ts';

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

export async function checkRole(context: CheckContext, domain: CheckResult<unknown>): Promise<void> {
  const { check, http, clock, given, config } = context;
  const { domainUrl } = config;
  const minutesUntil = (time: number) => Math.round((time - clock.now()) / MINUTE_MS);
  const aws = configuredRole(context);
  const access = await check('access token', [aws, domain, given(...CLIENT)], async ({ client, scope }) => {
    const token = await requestAccessToken(context, { domainUrl, client }, scope);
    const claims = decodeAccessToken(token);
    const { subject, expiresAt } = currentSubject(claims, clock.now());
    const identity = { token, subject, expiresAt, keyId: claims.kid };
    return { value: { claims, identity }, text: `sub ${subject}, for ${minutesUntil(expiresAt)} min` };
  });
  const issued = await check('issuer', [access], ({ claims, identity }) => {
    const issuer = assertIssuer(claims, domainUrl);
    return { value: { ...identity, issuer }, text: issuer };
  });
  const audience = await check(
    'audience',
    [access, aws, given('aws-audience')],
    ({ claims }, { audience }) => {
      assertAudience(claims, audience);
      return { value: audience, text: `only ${audience}` };
    },
  );
  const published = await check('published key', [issued], async (identity) => {
    const advice = [await checkPublishedKeys(http, identity)];
    return { value: identity, text: `AWS can fetch ${quote(identity.keyId ?? 'one', [])}`, advice };
  });
  await check('role', [published, audience, aws, given(...REQUEST)], async (identity, audience, role) => {
    const { credentials } = await openRoleSession(context, role, { ...identity, audience });
    const { assumedRoleArn, expiresAt } = credentials;
    return { text: `${assumedRoleArn}, for ${minutesUntil(expiresAt)} min` };
  });
}

/** Without a valid role and region there is no configuration for AWS. */
function configuredRole({ config, given }: CheckContext): CheckResult<AwsConfig> {
  const inputs = given('aws-role-arn', 'aws-region');
  if (!inputs.done) return inputs;
  return config.aws ? { done: true, value: config.aws } : { done: false, missing: '`aws-role-arn`' };
}
