import type { Config } from '../inputs/config.ts';
import type { RoleInstall } from '../login/install-role.ts';
import type { OciSession } from '../login/oci-session.ts';
import type { IdTokenSource } from '../oci/id-token.ts';
import type { Background, Clock, Files, Runner } from '../ports.ts';
import { sessionPaths } from '../profiles/oci-profile.ts';
import { tokenFileOf } from '../profiles/session-files.ts';
import type { Secret } from '../secret.ts';
import type { TargetFiles } from '../targets/target.ts';
import { closeLog, describeKilled, readLog, unfinishedProcess } from './log.ts';
import { logFileOf, loginsWithLog } from './process.ts';
import { TOKEN_NAMES } from './run.ts';
import { type RefreshSpec, type RefreshTarget, serializeRefreshSpec, withoutFiles } from './spec.ts';

export interface RefresherDeps {
  runner: Runner;
  files: Files;
  clock: Clock;
  background: Background;
  /** Arguments of Node that start the refresher, see `Background`. */
  program: readonly string[];
  findIdTokens: () => IdTokenSource;
  /** It renews nothing after this time, in milliseconds. Default: the longest job of GitHub. */
  longestMs?: number;
  /** For the log: completes the sentence "A process renews the token". */
  until: string;
}

/** What a login installed for later steps. */
export interface InstalledFiles {
  loginId: string;
  /** See `macOf`. */
  macKey: Secret | undefined;
  /** In the runner's temp area, for files that belong to no profile. */
  directory: string;
  session: OciSession | undefined;
  targetFiles: TargetFiles | undefined;
  aws: RoleInstall | undefined;
}

/** The longest job: five days on a self-hosted runner. GitHub's own runners end a job after six hours. */
const LONGEST_JOB_MS = 5 * 24 * 3_600_000;

/**
 * @returns the process id; undefined if the refresher of an earlier login of this job renews these files already
 * @throws ActionError REFRESHER_NOT_STARTED, FILES_NOT_WRITABLE, PATH_UNSAFE, and as `findIdTokens`
 */
export async function startRefresher(
  deps: RefresherDeps,
  config: Config,
  installed: InstalledFiles,
): Promise<number | undefined> {
  const spec = specFor(deps, config, installed);
  const targets = withoutFiles(spec.targets, filesRenewedAlready(deps, installed.directory));
  if (targets.length === 0) return undefined;
  const pid = await deps.background.start({
    program: deps.program,
    mark: spec.loginId,
    log: logFileOf(spec),
    instructions: serializeRefreshSpec({ ...spec, targets }),
  });
  const names = targets.map(({ kind }) => TOKEN_NAMES[kind]).join(' and ');
  deps.runner.info(`Process ${pid} renews ${names} in the background ${deps.until}.`);
  return pid;
}

/** The files that refreshers of earlier logins renew. One that was killed is reported once, and renews nothing. */
function filesRenewedAlready(
  { runner, files, background, clock }: RefresherDeps,
  directory: string,
): string[] {
  return loginsWithLog(files, directory).flatMap((loginId) => {
    const logFile = logFileOf({ directory, loginId });
    const unfinished = unfinishedProcess(readLog(files, logFile));
    if (unfinished === undefined) return [];
    if (background.isRunning(unfinished.pid, loginId, logFile)) return unfinished.files;
    const text = describeKilled(unfinished);
    runner.warning(text);
    const at = new Date(clock.now()).toISOString();
    closeLog(files, logFile, { at, kind: 'completed', text });
    return [];
  });
}

function specFor(
  { findIdTokens, clock, longestMs = LONGEST_JOB_MS }: RefresherDeps,
  config: Config,
  installed: InstalledFiles,
): RefreshSpec {
  const { domainUrl, oci, retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs } = config;
  const { loginId, directory } = installed;
  const now = clock.now();
  const endsAt = now + longestMs;
  const source = oci && findIdTokens();
  return {
    loginId,
    directory,
    sessionDirectory: oci && sessionPaths(oci.configFile, oci.profile).session,
    domainUrl,
    limits: { maxAttempts, requestTimeoutMs, timeoutMs },
    targets: [
      ...sessionTargets(config, source, installed, { now, endsAt }),
      ...awsTargets(installed, { now, endsAt }),
    ],
  };
}

interface Times {
  now: number;
  /** When the refresher ends at the latest. */
  endsAt: number;
}

function sessionTargets(
  { oci, client }: Config,
  source: IdTokenSource | undefined,
  { session, targetFiles, macKey }: InstalledFiles,
  { now, endsAt }: Times,
): RefreshTarget[] {
  if (oci === undefined || source === undefined) return [];
  const { audience, resource } = oci;
  const common = { source: source.spec, renewableUntil: Math.min(source.endsAt ?? endsAt, endsAt) };
  const targets: RefreshTarget[] = [];
  if (session) {
    const { sessionToken, clockSkewMs = 0, keyPair } = session;
    targets.push({
      kind: 'session',
      validity: { issuedAt: now, expiresAt: sessionToken.expiresAt - clockSkewMs },
      ...common,
      client,
      config: { audience, tenancy: sessionToken.tenancy, resource },
      publicKey: { publicKeyBase64: keyPair.publicKeyBase64, publicJwk: keyPair.publicJwk },
      macKey,
      tokenFiles: [tokenFileOf(oci), ...(targetFiles?.tokenFiles ?? [])],
    });
  }
  if (targetFiles?.idToken) {
    const { file, lifetimeMs } = targetFiles.idToken;
    const validity = { issuedAt: now, expiresAt: now + lifetimeMs };
    targets.push({ kind: 'id-token', validity, ...common, audience, file });
  }
  return targets;
}

function awsTargets({ aws }: InstalledFiles, { now, endsAt }: Times): RefreshTarget[] {
  // Without a client, later steps get the credentials of the role session: see `tokenSourceChecks`.
  if (aws?.config.credentialSource !== 'web-identity' || aws.config.client === undefined) return [];
  const { scope, audience, client } = aws.config;
  const validity = { issuedAt: now, expiresAt: aws.role.identity.expiresAt };
  const common = { validity, renewableUntil: endsAt };
  return [{ kind: 'access-token', ...common, client, scope, audience, file: aws.tokenFile }];
}
