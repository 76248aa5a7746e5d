// The steps of a login to AWS: an access token of the domain, checked as AWS will check it, then the role.
import type { RoleCredentials } from '../aws/assume-role.ts';
import { checkPublishedKeys } from '../aws/published-keys.ts';
import { stsEndpoint } from '../aws/sts-endpoint.ts';
import { readWebIdentity, type WebIdentity } from '../aws/web-identity.ts';
import { explainFailure } from '../diagnosis/service-failure.ts';
import { explainStsRefusal } from '../diagnosis/sts-refusal.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import type { AwsConfig, Config } from '../inputs/config.ts';
import type { Environment, Runner } from '../ports.ts';
import { requestAccessToken } from './access-token.ts';
import type { StepDeps } from './oci-session.ts';

export interface AwsSessionDeps extends StepDeps {
  runner: Runner;
}

export type AwsLoginConfig = Pick<Config, 'domainUrl'> & { readonly aws: AwsConfig };

export interface AwsSession {
  credentials: RoleCredentials;
  identity: WebIdentity;
  sessionName: string;
}

/** @throws ActionError with the OCI_, AWS_ and PROXY_ codes, TLS_UNTRUSTED, DEADLINE_EXCEEDED */
export async function openAwsSession(
  deps: AwsSessionDeps,
  { domainUrl, aws }: AwsLoginConfig,
): Promise<AwsSession> {
  deps.http.preconnect(domainUrl); // one more: that of the OCI session is for its exchange
  deps.http.preconnect(stsEndpoint(aws));
  // The SDK is by far the largest module: it loads while the network is busy.
  const [identity] = await Promise.all([
    requestWebIdentity(deps, domainUrl, aws),
    import('../aws/assume-role.ts'),
  ]);
  return openRoleSession(deps, aws, identity);
}

async function requestWebIdentity(
  deps: AwsSessionDeps,
  domainUrl: URL,
  { client, scope, audience }: AwsConfig,
): Promise<WebIdentity> {
  const token = await requestAccessToken(deps, { domainUrl, client }, scope);
  const identity = readWebIdentity(token, { domainUrl, audience, now: deps.clock.now() });
  const warning = await checkPublishedKeys(deps.http, identity);
  if (warning !== undefined) deps.runner.warning(warning);
  return identity;
}

/** @throws ActionError with the AWS_ and PROXY_ codes, TLS_UNTRUSTED, DEADLINE_EXCEEDED */
export async function openRoleSession(
  { runner, http, clock }: AwsSessionDeps,
  config: AwsConfig,
  identity: WebIdentity,
): Promise<AwsSession> {
  const sessionName = config.roleSessionName ?? sessionNameOf(runner.env);
  try {
    const { assumeRole } = await import('../aws/assume-role.ts');
    const credentials = await assumeRole(http, { ...config, sessionName }, identity.token, clock.now());
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    for (const secret of [accessKeyId, secretAccessKey, sessionToken]) runner.mask(secret);
    return { credentials, identity, sessionName };
  } catch (error) {
    const explain = (refusal: ServiceRefusal) => explainStsRefusal(refusal, config, identity);
    const hostInput = config.stsEndpoint && 'aws-sts-endpoint';
    throw await explainFailure(error, 'sts', 'Assuming the role', explain, hostInput);
  }
}

const LONGEST_NAME = 64;

/**
 * Names repository and run, so that CloudTrail leads back to the job; shortened to STS's limit, the run kept whole.
 * @see AssumeRoleWithWebIdentity (AWS STS API Reference), RoleSessionName
 */
export function sessionNameOf(env: Environment): string {
  const run = ['GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT'].map((name) => env(name) ?? '0').join('.');
  const tail = `@${run}`.replace(/[^\w+=,.@-]/g, '-').slice(0, LONGEST_NAME - 2);
  const repository = (env('GITHUB_REPOSITORY') ?? 'job').replace(/[^\w+=,.@-]/g, '-');
  return `${repository.slice(0, LONGEST_NAME - tail.length)}${tail}`;
}
