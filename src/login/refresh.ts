import { Failure } from '../errors/failure.ts';
import type { Config } from '../inputs/config.ts';
import { adviseOnLifetime } from '../oci/session-advice.ts';
import { needsRefresher } from '../refresh/schedule.ts';
import { type InstalledFiles, startRefresher } from '../refresh/start.ts';
import { makeTemporary } from './install.ts';
import type { LoginDeps } from './login.ts';
import { type SavedState, updateState } from './saved-state.ts';

/**
 * Starts a refresher if `refresh` requires it, or a token expires soon; otherwise warns of a short session.
 * `refresh: auto` never fails a login.
 * @returns whether the tokens are renewed from now on
 * @throws ActionError REFRESHER_NOT_STARTED, FILES_NOT_WRITABLE, PATH_UNSAFE with `refresh: true`
 */
export async function refreshInBackground(
  deps: LoginDeps,
  state: SavedState,
  config: Config,
  installed: InstalledFiles,
): Promise<boolean> {
  const { runner, clock, refresher } = deps;
  const { loginId, directory, session } = installed;
  try {
    if (needsRefresher(config.refresh, expiriesOf(config, installed), clock.now())) {
      makeTemporary(deps, state, directory);
      const pid = await startRefresher(refresher, config, installed);
      if (pid !== undefined) updateState(runner, state, { refresher: { pid, loginId, directory } });
      return true;
    }
  } catch (error) {
    if (config.refresh !== 'auto' || !(error instanceof Failure)) throw error;
    runner.warning(`${error.code}: nothing is renewed in the background. ${error.message}`);
  }
  // A short lifetime that was requested is no surprise.
  const isRequested = config.oci?.resource?.lifetimeSeconds !== undefined;
  const warning =
    session && !isRequested && adviseOnLifetime(undefined, session.sessionToken.expiresAt, clock.now());
  if (warning) runner.warning(warning);
  return false;
}

/** Of each token that a refresher could renew. */
function expiriesOf({ oci }: Config, { session, aws }: InstalledFiles): (number | undefined)[] {
  return [
    session?.sessionToken.expiresAt,
    oci?.exportFor.includes('terraform') ? session?.idToken?.expiresAt : undefined,
    aws?.config.credentialSource === 'web-identity' ? aws.role.identity.expiresAt : undefined,
  ];
}
