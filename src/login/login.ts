// A job's login: the order of the steps, and what is refused before anything changes.

import { ActionError } from '../errors/action-error.ts';
import { findIdTokenSource } from '../github/id-token.ts';
import type { Config, OciConfig } from '../inputs/config.ts';
import { planTargets } from '../targets/plan.ts';
import { openAwsSession } from './aws-session.ts';
import { type ExistingLogin, findExistingLogin, requestOf } from './existing-login.ts';
import { directoryFor, type HandOverParts, handOver } from './install.ts';
import { type OciSession, type OciSessionDeps, openOciSession, requestIdToken } from './oci-session.ts';
import { announceInSummary } from './outputs.ts';
import { verifySession } from './verify-session.ts';

export type LoginDeps = OciSessionDeps & HandOverParts;

/**
 * Logs the job in to OCI, to AWS, or to both: first all that can be refused, then all that must be undone.
 * After a failure the disk is as it was.
 * @throws ActionError
 */
export async function login(given: LoginDeps, config: Config): Promise<void> {
  const { domainUrl, client, oci, aws } = config;
  const request = oci && { request: requestOf(config, oci) };
  const parts = { ...given, owner: { ...given.owner, ...request } };
  for (const { basic } of new Set([client, aws?.client ?? client])) parts.runner.mask(basic);
  const own = oci && findExistingLogin(parts.disk.files, parts.owner, oci);
  const { env } = parts.runner;
  const { platform } = process;
  const directory = directoryFor(parts, own);
  const targets = oci && planTargets({ ...parts, env, platform, directory, domainUrl, client, oci });
  for (const warning of targets?.warnings ?? []) parts.runner.warning(warning);
  for (const note of targets?.notes ?? []) parts.runner.info(note);
  const openingRole = aws && openAwsSession(parts, { ...config, aws });
  openingRole?.catch(() => {}); // awaited later; until then its failure must not count as unhandled
  const session = oci && (await sessionFor(parts, config, oci, own));
  if (oci?.verify && session) {
    const { namespace, requestId } = await verifySession(parts, oci, session);
    parts.runner.info(
      `OCI accepts the session (object storage namespace ${namespace}, request id ${requestId ?? '(none given)'}).`,
    );
  }
  const role = await openingRole;
  announceInSummary(parts, config, await handOver(parts, config, { session, own, role, targets }));
}

/**
 * The session that later steps get: the one they have if that lasts long enough, else a new one, with its key.
 * @throws ActionError as `openOciSession`, and SESSION_TOO_SHORT
 */
async function sessionFor(
  parts: LoginDeps,
  config: Config,
  oci: OciConfig,
  own: ExistingLogin | undefined,
): Promise<OciSession> {
  const { runner, clock } = parts;
  const { minimumLifetimeMs } = config;
  if (own !== undefined && minimumLifetimeMs > 0 && own.upst.expiresAt - clock.now() >= minimumLifetimeMs) {
    for (const secret of [own.keyPair.privateKeyPem, own.upst.token]) runner.mask(secret);
    const isWanted = oci.exportFor.includes('terraform');
    const idToken = isWanted
      ? await requestIdToken(parts, findIdTokenSource(runner.env), oci.audience)
      : undefined;
    return { sessionToken: own.upst, keyPair: own.keyPair, idToken };
  }
  const keyPair = own === undefined ? parts.keyPair : Promise.resolve(own.keyPair);
  const session = await openOciSession({ ...parts, keyPair }, { ...config, oci });
  const left = Math.floor((session.sessionToken.expiresAt - clock.now()) / 1000);
  if (left * 1000 >= minimumLifetimeMs) return session;
  const what = `The new session lasts ${left} s; \`minimum-lifetime-seconds\` asks for ${minimumLifetimeMs / 1000}.`;
  throw new ActionError('SESSION_TOO_SHORT', what, { requestId: session.sessionToken.requestId });
}
