// The steps of a login to AWS: an access token of the domain, then the role. With `aws-token-source: session`, it waits for the
// session of OCI.
import type { RoleCredentials } from '../aws/assume-role.ts';
import type { adviseOnSubject } from '../aws/session-identity.ts';
import { readWebIdentity, type WebIdentity } from '../aws/web-identity.ts';
import { explainFailure } from '../diagnosis/service-failure.ts';
import { explainStsRefusal } from '../diagnosis/sts-refusal.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import { regionalSts } from '../inputs/aws-parsers.ts';
import type { AwsConfig, Config } from '../inputs/config.ts';
import type { Environment, Runner, StepDeps } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { requestAccessToken } from './access-token.ts';
import { type OciSession, proofOf } from './oci-session.ts';

export interface AwsSessionDeps extends StepDeps {
  runner: Runner;
}

export type AwsLoginConfig = Pick<Config, 'domainUrl'> & { readonly aws: AwsConfig };

export interface AwsSession {
  credentials: RoleCredentials;
  identity: WebIdentity;
  sessionName: string;
}

/** What signs requests with the OCI session. */
export type OpenSession = Pick<OciSession, 'sessionToken' | 'keyPair'>;

interface Opened {
  session: OpenSession;
}

/**
 * @param opening the login to OCI, which runs at the same time
 * @throws ActionError with the OCI_, AWS_ and PROXY_ codes, TLS_UNTRUSTED, DEADLINE_EXCEEDED
 */
export async function openAwsSession(
  deps: AwsSessionDeps,
  config: AwsLoginConfig,
  opening: Promise<Opened> | undefined,
): Promise<AwsSession> {
  const { domainUrl, aws } = config;
  // The SDK is by far the largest module: it loads while the network is busy.
  const [{ token, advise }] = await Promise.all([
    requestIdentity(deps, config, opening),
    import('../aws/assume-role.ts'),
  ]);
  const identity = readWebIdentity(token, { ...aws, domainUrl }, deps.clock.now());
  if (advise !== undefined) deps.runner.info(advise(identity));
  return openRoleSession(deps, config, identity);
}

/**
 * Requests the access token for the client, or for the session if there is no client.
 * @returns `advise` for a token of the session: it describes the trust policy that the role needs
 */
export async function requestIdentity(
  deps: StepDeps,
  { domainUrl, aws }: AwsLoginConfig,
  opening: Opened | Promise<Opened> | undefined,
): Promise<{ token: Secret; advise?: typeof adviseOnSubject }> {
  if (aws.client !== undefined)
    return { token: await requestAccessToken(deps, { domainUrl, requester: aws.client }, aws.scope) };
  const [module, opened] = await Promise.all([import('../aws/session-identity.ts'), opening]);
  const requester = proofOf((opened as Opened).session); // `findConflicts` requires it
  const scope = module.fullScope(aws.audience, aws.scope);
  const token = await requestAccessToken(deps, { domainUrl, requester }, scope, module.explainSessionRefusal);
  return { token, advise: module.adviseOnSubject };
}

/** @throws ActionError with the AWS_ and PROXY_ codes, TLS_UNTRUSTED, DEADLINE_EXCEEDED */
export async function openRoleSession(
  { runner, http, clock }: AwsSessionDeps,
  config: AwsLoginConfig,
  identity: WebIdentity,
): Promise<AwsSession> {
  const sessionName = config.aws.roleSessionName ?? sessionNameOf(runner.env);
  try {
    const { assumeRole } = await import('../aws/assume-role.ts');
    const credentials = await assumeRole(http, { ...config.aws, sessionName }, identity.token, clock.now());
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    for (const secret of [accessKeyId, secretAccessKey, sessionToken]) runner.mask(secret);
    return { credentials, identity, sessionName };
  } catch (error) {
    const explain = (refusal: ServiceRefusal) => explainStsRefusal(http, refusal, config, identity);
    const isRegional = config.aws.stsEndpoint.host === regionalSts(config.aws.region).host;
    const hostInput = isRegional ? 'aws-region' : 'aws-sts-endpoint';
    throw await explainFailure(error, 'sts', 'Assuming the role', explain, hostInput);
  }
}

const LONGEST_NAME = 64;

/**
 * Names repository and run, so that CloudTrail shows the job. Shortens the repository, never the run, to the limit of STS.
 * @see AssumeRoleWithWebIdentity (AWS STS API Reference), RoleSessionName
 */
export function sessionNameOf(env: Environment): string {
  const run = ['GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT'].map((name) => env(name) ?? '0').join('.');
  const tail = `@${run}`.replace(/[^\w+=,.@-]/g, '-').slice(0, LONGEST_NAME - 2);
  const repository = (env('GITHUB_REPOSITORY') ?? 'job').replace(/[^\w+=,.@-]/g, '-');
  return `${repository.slice(0, LONGEST_NAME - tail.length)}${tail}`;
}
