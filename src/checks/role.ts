// The login to AWS: the domain's access token, and the role, whose credentials are discarded.
import { assertAudience, assertIssuer, decodeAccessToken, isOfDomain, show } from '../aws/web-identity.ts';
import type { AwsConfig } from '../inputs/config.ts';
import type { InputName } from '../inputs/schema.ts';
import type { OpenSession } from '../login/aws-session.ts';
import { type CheckResult, Skip } from './check.ts';
import type { CheckContext } from './doctor.ts';

const CLIENT: InputName[] = [
  'client-id',
  'client-secret',
  'aws-client-id',
  'aws-client-secret',
  'aws-token-source',
  'aws-scope',
];
const REQUEST: InputName[] = [
  'aws-role-session-name',
  'aws-role-duration-seconds',
  'aws-session-policy',
  'aws-managed-session-policies',
  'aws-allowed-account-ids',
  'aws-sts-endpoint',
];
const MINUTE_MS = 60_000;

/** @param session with `aws-token-source` session, it requests the access token */
export async function checkRole(
  context: CheckContext,
  domain: CheckResult<unknown>,
  session: CheckResult<OpenSession>,
): Promise<void> {
  const { check, clock, validInputs, config } = context;
  const { domainUrl } = config;
  const minutesUntil = (time: number) => Math.round((time - clock.now()) / MINUTE_MS);
  const aws = configuredRole(context);
  const access = await check('access token', [aws, domain, validInputs(...CLIENT)], async (aws) => {
    if (aws.client === undefined && !session.done) throw new Skip(`needs ${session.missing}`);
    const opened = session.done ? { session: session.value } : undefined;
    const { requestIdentity } = await import('../login/aws-session.ts');
    const { token, advise } = await requestIdentity(context, { domainUrl, aws }, opened);
    const value = decodeAccessToken(token, clock.now());
    const text = `sub ${value.subject}, for ${minutesUntil(value.expiresAt)} min`;
    return { value, text, advice: [advise?.({ ...aws, ...value })] };
  });
  const issued = await check('issuer', [access], ({ claims }) => {
    const issuer = assertIssuer(claims, domainUrl);
    const isDomain = isOfDomain(issuer, domainUrl.origin);
    const advice = [
      isDomain ? undefined : `${issuer} is not \`domain-url\`: the provider in AWS must name it.`,
    ];
    return { value: issuer, text: issuer, advice };
  });
  const audience = await check(
    'audience',
    [access, aws, validInputs('aws-audience')],
    ({ claims }, requested) => {
      const compared = assertAudience(claims, requested);
      const isUsual = compared === requested.audience;
      const other = `AWS compares \`azp\`, ${show(compared)}: the provider's client ID list must have it.`;
      return { value: compared, text: `only ${compared}`, advice: [isUsual ? undefined : other] };
    },
  );
  // This check does not need the result of `signing keys`: a login does not check the keys before STS either.
  await check(
    'role',
    [access, issued, audience, aws, validInputs(...REQUEST)],
    async (token, issuer, audience, aws) => {
      const identity = { ...token, issuer, audience };
      const { openRoleSession } = await import('../login/aws-session.ts');
      const { credentials } = await openRoleSession(context, { domainUrl, aws }, identity);
      const { assumedRoleArn, expiresAt } = credentials;
      return { text: `${assumedRoleArn}, for ${minutesUntil(expiresAt)} min` };
    },
  );
}

/** Without a valid role and region there is no configuration for AWS. */
function configuredRole({ config, validInputs }: CheckContext): CheckResult<AwsConfig> {
  const inputs = validInputs('aws-role-arn', 'aws-region');
  if (!inputs.done) return inputs;
  return config.aws ? { done: true, value: config.aws } : { done: false, missing: '`aws-role-arn`' };
}
