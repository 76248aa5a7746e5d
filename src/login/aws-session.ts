// How the credentials of an AWS role come about: an access token of the domain, AWS's own questions asked first, STS.
import type { RoleCredentials } from '../aws/assume-role.ts';
import { stsEndpoint } from '../aws/sts-endpoint.ts';
import { type CurrentWebIdentity, checkPublishedKeys, readWebIdentity } from '../aws/web-identity.ts';
import type { AwsConfig } from '../inputs/config.ts';
import { requestAccessToken } from '../oci/access-token.ts';
import type { Clock, Environment, Http, Runner } from '../ports.ts';

export interface AwsSessionDeps {
  runner: Runner;
  http: Http;
  clock: Clock;
}

export interface AwsSession {
  credentials: RoleCredentials;
  identity: CurrentWebIdentity;
  sessionName: string;
}

/** What can be done while the OCI session is still on its way; STS itself is asked only after it. */
export interface RolePreparation {
  identity: CurrentWebIdentity;
  assume: typeof import('../aws/assume-role.ts').assumeRole;
}

/** @throws ActionError with the OCI_ and AWS_ codes, and DEADLINE_EXCEEDED */
export async function prepareRole(
  parts: AwsSessionDeps,
  domainUrl: URL,
  config: AwsConfig,
): Promise<RolePreparation> {
  const { runner, http, clock } = parts;
  http.preconnect(stsEndpoint({ ...config, endpoint: config.stsEndpoint }));
  // The SDK is by far the largest thing to load: it comes in while the network is busy, and only on this path.
  const [{ assumeRole }, identity] = await Promise.all([
    import('../aws/assume-role.ts'),
    (async () => {
      const { client: credentials, scope, audience } = config;
      const token = await requestAccessToken(http, { domainUrl, credentials, scope });
      runner.mask(token);
      const read = readWebIdentity(token, { domainUrl, audience, now: clock.now() });
      const warning = await checkPublishedKeys(http, read);
      if (warning !== undefined) runner.warning(warning);
      return read;
    })(),
  ]);
  return { identity, assume: assumeRole };
}

/** @throws ActionError with the AWS_ codes, and DEADLINE_EXCEEDED */
export async function openAwsSession(
  { runner, http, clock }: AwsSessionDeps,
  config: AwsConfig,
  { identity, assume }: RolePreparation,
): Promise<AwsSession> {
  const sessionName = config.roleSessionName ?? sessionNameOf(runner.env);
  const request = { ...config, sessionName, endpoint: config.stsEndpoint };
  const credentials = await assume(http, request, identity, clock.now());
  for (const secret of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken])
    runner.mask(secret);
  return { credentials, identity, sessionName };
}

const LONGEST_NAME = 64;

/**
 * Names repository and run, so that CloudTrail leads back to the job; cut to what STS permits, the run kept whole.
 * @see AssumeRoleWithWebIdentity (AWS STS API Reference), RoleSessionName
 */
export function sessionNameOf(env: Environment): string {
  const run = ['GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT'].map((name) => env(name) ?? '0').join('.');
  const tail = `@${run}`.replace(/[^\w+=,.@-]/g, '-').slice(0, LONGEST_NAME - 2);
  const repository = (env('GITHUB_REPOSITORY') ?? 'job').replace(/[^\w+=,.@-]/g, '-');
  return `${repository.slice(0, LONGEST_NAME - tail.length)}${tail}`;
}
