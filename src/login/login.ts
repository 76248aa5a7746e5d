// The login of a job: obtains a session of each cloud, then installs them.
import { cliCache } from '../aws/cli-cache.ts';
import { ActionError } from '../errors/action-error.ts';
import { basicsOf } from '../inputs/client-credentials.ts';
import type { Config, OciConfig } from '../inputs/config.ts';
import type { HomeDirectories } from '../inputs/paths.ts';
import type { Disk, RunnerProcesses } from '../ports.ts';
import { sessionPaths } from '../profiles/oci-profile.ts';
import type { Owner } from '../profiles/section-target.ts';
import type { RefresherDeps } from '../refresh/start.ts';
import { planTargets } from '../targets/plan.ts';
import type { Kubeconfig, Programs } from '../targets/target.ts';
import type { AwsSession, openAwsSession } from './aws-session.ts';
import { rollBack } from './cleanup.ts';
import { exportEnvironment } from './environment.ts';
import { type ExistingLogin, findExistingLogin, isSamePrincipal, macKeyOf } from './existing-login.ts';
import { installFiles, temporaryDirectory } from './install.ts';
import { planAwsProfile, variablesForRole } from './install-role.ts';
import { type OciSession, type OciSessionDeps, openOciSession } from './oci-session.ts';
import { setOutputs, writeSummary } from './outputs.ts';
import { refreshInBackground } from './refresh.ts';
import { newSavedState, updateState } from './saved-state.ts';
import { verifySession } from './verify-session.ts';

export interface LoginDeps extends OciSessionDeps, HomeDirectories {
  disk: Disk;
  owner: Owner;
  runnerProcesses: RunnerProcesses;
  /** The runner's temp area, which it empties before and after each job. */
  temporary: string;
  refresher: RefresherDeps;
  programs: Programs;
}

/**
 * Logs the job in to OCI, to AWS, or to both. Nothing is written before both have succeeded; after a failure the disk
 * is as it was.
 * @throws ActionError
 */
export async function login(commonDeps: LoginDeps, config: Config): Promise<void> {
  const { client, oci, aws } = config;
  const deps = oci
    ? { ...commonDeps, owner: { ...commonDeps.owner, macKey: macKeyOf(config, oci, commonDeps.owner.jobId) } }
    : commonDeps;
  const { runner, home } = deps;
  for (const basic of basicsOf(client, aws?.client)) runner.mask(basic);
  const existing = oci && findExistingLogin(deps.disk.files, deps.owner, oci);
  const directory = temporaryDirectory(deps, existing);
  const temporary = deps.disk.files.canonical(deps.temporary, 'directory');
  const context = { ...deps, ...config, temporary, env: runner.env, platform: process.platform, directory };
  const targets = oci && planTargets({ ...context, oci });
  const awsTargets = aws && planAwsProfile({ ...deps.disk, home, env: runner.env }, aws, oci);
  for (const warning of targets?.warnings ?? []) runner.warning(warning);
  for (const note of targets?.notes ?? []) runner.info(note);
  const opening = oci && openOci(deps, config, oci, existing);
  // Reports the first error; `Promise.all` handles the rejection of the other promise.
  const [{ session, kubeconfig } = {}, role] = await Promise.all([
    opening,
    aws && openAws(deps, { ...config, aws }, opening),
  ]);
  const docker = oci?.exportFor.includes('ocir') ? await import('./registries.ts') : undefined;
  const registries = oci && session && (await docker?.openRegistries(deps, oci, session));
  const { assumedRoleArn } = role?.credentials ?? {};
  const isCached = home !== undefined && assumedRoleArn;
  const cachedRole = isCached ? { cache: cliCache(home), assumedRoleArn } : null;
  const state = newSavedState(deps.owner.loginId, cachedRole);
  try {
    const result = { session, existing, role, targets, kubeconfig, awsTargets, directory };
    const files = await installFiles(deps, state, config, result);
    if (oci && registries) await docker?.installRegistries(deps, state, oci, registries, directory);
    const isRefreshed = await refreshInBackground(deps, state, config, files);
    const variables = { ...targets?.variables, ...(files.aws && variablesForRole(runner, files.aws)) };
    exportEnvironment(runner, state, variables);
    setOutputs(deps, config, files, kubeconfig);
    updateState(runner, state, { cleanup: config.cleanup });
    writeSummary(deps, config, { ...files, variables, state, isRefreshed });
  } catch (error) {
    await rollBack(deps, state);
    throw error;
  }
}

async function openAws(...parameters: Parameters<typeof openAwsSession>): Promise<AwsSession> {
  const module = await import('./aws-session.ts');
  return module.openAwsSession(...parameters);
}

interface OciLogin {
  session: OciSession;
  kubeconfig?: Kubeconfig;
}

/** @throws ActionError as `sessionFor` and `requestKubeconfig` */
async function openOci(
  deps: LoginDeps,
  config: Config,
  oci: OciConfig,
  existing: ExistingLogin | undefined,
): Promise<OciLogin> {
  const session = await sessionFor(deps, config, oci, existing);
  if (oci.oke === undefined) return { session };
  const files = sessionPaths(oci.configFile, oci.profile);
  const { requestKubeconfig } = await import('./request-clusters.ts');
  return { session, kubeconfig: await requestKubeconfig(deps, oci, oci.oke, session, files) };
}

/**
 * The session for later steps: the existing one if it lasts long enough, otherwise a new one with its key.
 * @throws ActionError as `openOciSession` and `verifySession`, and SESSION_TOO_SHORT
 */
async function sessionFor(
  deps: LoginDeps,
  config: Config,
  oci: OciConfig,
  existing: ExistingLogin | undefined,
): Promise<OciSession> {
  const { clock } = deps;
  const { minimumLifetimeMs } = config;
  const lasts = (expiresAt: number) => expiresAt - clock.now() >= minimumLifetimeMs;
  if (existing && minimumLifetimeMs > 0 && lasts(existing.sessionToken.expiresAt))
    return verified(deps, oci, await reuse(deps, oci, existing));
  const open = (keyPair: LoginDeps['keyPair']) => openOciSession({ ...deps, keyPair }, { ...config, oci });
  const renewed = existing && (await open(Promise.resolve(existing.keyPair)));
  // After a change of the trust, the session can have another principal. Then it gets a new key.
  const isSame = renewed && isSamePrincipal(renewed.sessionToken, existing.sessionToken);
  const session = isSame ? renewed : await open(deps.keyPair);
  const { expiresAt, requestId } = session.sessionToken;
  if (lasts(expiresAt)) return verified(deps, oci, session);
  const left = Math.floor((expiresAt - clock.now()) / 1000);
  const what = `The new session lasts ${left} s; \`minimum-lifetime-seconds\` requires ${minimumLifetimeMs / 1000}.`;
  throw new ActionError('SESSION_TOO_SHORT', what, { requestId });
}

async function reuse(
  deps: LoginDeps,
  { audience, exportFor }: OciConfig,
  { sessionToken, keyPair }: ExistingLogin,
): Promise<OciSession> {
  const { runner } = deps;
  for (const secret of [keyPair.privateKeyPem, sessionToken.token]) runner.mask(secret);
  if (!exportFor.includes('terraform')) return { sessionToken, keyPair, idToken: undefined };
  const idToken = await deps.findIdTokens().request(deps, audience);
  return { sessionToken, keyPair, idToken };
}

async function verified(deps: LoginDeps, oci: OciConfig, session: OciSession): Promise<OciSession> {
  if (!oci.verify) return session;
  const { namespace, requestId = 'none' } = await verifySession(deps, oci, session);
  deps.runner.info(
    `OCI accepts the session (namespace ${namespace}). Policies were not tested. Request ID: ${requestId}.`,
  );
  return session;
}
