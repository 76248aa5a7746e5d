// A job's login: the order of the steps, and what to put right when one of them fails.
import type { ActionConfig } from '../config/action-config.ts';
import {
  findIdTokenSource,
  type IdToken,
  type IdTokenSource,
  readIdToken,
  requestIdToken,
} from '../github/id-token.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import { type ExchangedToken, exchangeToken, toClientCredentials } from '../oci/token-exchange.ts';
import { readUpst, type Upst } from '../oci/upst.ts';
import type { Clock, Http, Runner } from '../port.ts';
import { outrankingVariables, variablesForCli } from '../profile/doors.ts';
import type { Owner } from '../profile/place.ts';
import type { SessionPaths } from '../profile/session-profile.ts';
import { takeBack } from './cleanup.ts';
import { installSession } from './install-session.ts';
import { type SavedState, STATE } from './saved-state.ts';
import type { Disk } from './undo-section.ts';

export interface LoginParts {
  runner: Runner;
  http: Http;
  clock: Clock;
  disk: Disk;
  /** In the making since the process began. */
  keyPair: Promise<KeyPair>;
  owner: Owner;
}

interface Session {
  upst: Upst;
  keyPair: KeyPair;
  requestId: string | undefined;
}

const MINUTE_MS = 60_000;
const SHORT_SESSION_MS = 15 * MINUTE_MS;

/**
 * Logs the job in: identity token and key pair, exchange, checks, files, environment and outputs.
 * After a failure the disk is as it was.
 * @throws ActionError
 */
export async function login(parts: LoginParts, config: ActionConfig): Promise<void> {
  const { runner, disk } = parts;
  warnOfOutrankingVariables(runner, config);
  const session = await openSession(parts, config);
  const state: SavedState = {
    version: 1,
    places: [],
    exported: plannedExports(runner, config),
    cleanup: true,
  };
  const save = () => runner.saveState(STATE, JSON.stringify(state));
  try {
    const paths = await installSession(disk, {
      ...config,
      ...session.upst,
      ...session.keyPair,
      owner: parts.owner,
      warn: runner.warning,
      save: (record) => {
        state.places = [record];
        save();
      },
    });
    for (const [name, { value }] of Object.entries(state.exported)) runner.exportVariable(name, value);
    announce(runner, config, session, paths);
    state.cleanup = config.cleanup; // until here post must clean up in any case
    save();
  } catch (error) {
    await abandon(parts, state);
    throw error;
  }
}

async function openSession(parts: LoginParts, config: ActionConfig): Promise<Session> {
  const { runner, http, clock } = parts;
  const source = findIdTokenSource(runner.env);
  const credentials = toClientCredentials(config.clientId, config.clientSecret);
  runner.mask(credentials.basic);
  http.expect(config.domainUrl);
  const [first, keyPair] = await Promise.all([askForIdToken(parts, source, config), parts.keyPair]);
  runner.mask(keyPair.privateKeyPem);
  let idToken = first;
  const exchanged = await exchangeToken(http, async () => {
    // A try that comes late must not fail for the age of the token.
    if (idToken.expiresAt - clock.now() < MINUTE_MS) idToken = await askForIdToken(parts, source, config);
    const { jwt, claims } = idToken;
    return {
      domainUrl: config.domainUrl,
      credentials,
      subjectToken: jwt,
      claims,
      publicKeyBase64: keyPair.publicKeyBase64,
    };
  });
  runner.mask(exchanged.token);
  const { requestId } = exchanged;
  const now = clock.now();
  const upst = readUpst(exchanged.token, {
    now,
    publicJwk: keyPair.publicJwk,
    tenancy: config.tenancy,
    requestId,
  });
  warnOfTimes(runner, now, upst, exchanged);
  return { upst, keyPair, requestId };
}

async function askForIdToken(
  { runner, http }: LoginParts,
  source: IdTokenSource,
  { audience }: ActionConfig,
): Promise<IdToken> {
  const jwt = await requestIdToken(http, source, audience);
  runner.mask(jwt);
  return readIdToken(jwt);
}

function plannedExports(
  runner: Runner,
  { exportFor, configFile, profile }: ActionConfig,
): SavedState['exported'] {
  const variables = exportFor.includes('cli') ? variablesForCli({ configFile, profile }) : {};
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, { value, before: runner.env(name) ?? null }]),
  );
}

function announce(
  runner: Runner,
  config: ActionConfig,
  { upst, keyPair, requestId }: Session,
  paths: SessionPaths,
): void {
  const expiresAt = new Date(upst.expiresAt).toISOString();
  const outputs = {
    'config-file': config.configFile,
    profile: config.profile,
    region: config.region,
    tenancy: upst.tenancy,
    principal: upst.principal,
    'private-key-file': paths.keyFile,
    'security-token-file': paths.tokenFile,
    fingerprint: keyPair.fingerprint,
    'expires-at': expiresAt,
    'request-id': requestId ?? '',
  };
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
  if (config.outputCredentials) runner.output('security-token', upst.token);
  runner.info(
    `Logged in to OCI as ${upst.principal}, profile [${config.profile}] in ${config.configFile}, until ${expiresAt}.`,
  );
  runner.info(`The domain knows this login by request id ${requestId ?? '(none given)'}.`);
}

/** A failed main changes nothing; should even that fail, post has the record and tries again. */
async function abandon({ runner, disk }: LoginParts, state: SavedState): Promise<void> {
  try {
    await takeBack(runner, disk, state);
  } catch (error) {
    runner.warning(`Not everything could be taken back (${String(error)}); the post step will try again.`);
  }
}

function warnOfOutrankingVariables(runner: Runner, { profile }: ActionConfig): void {
  const names = outrankingVariables(runner.env);
  if (names.length === 0) return;
  runner.warning(
    `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} set in this job. The OCI CLI puts them above every profile, so its calls will not use all of [${profile}]: remove them.`,
  );
}

function warnOfTimes(runner: Runner, now: number, { expiresAt }: Upst, { serverTime }: ExchangedToken): void {
  const left = expiresAt - now;
  if (left < SHORT_SESSION_MS) {
    runner.warning(
      `The session ends in ${Math.round(left / MINUTE_MS)} min, at ${new Date(expiresAt).toISOString()}.`,
    );
  }
  const skew = serverTime === undefined ? 0 : now - serverTime;
  if (Math.abs(skew) > MINUTE_MS) {
    const direction = skew > 0 ? 'ahead of' : 'behind';
    const seconds = Math.round(Math.abs(skew) / 1000);
    // Request Signatures (OCI documentation): a date more than five minutes off is refused.
    runner.warning(
      `This machine's clock is ${seconds} s ${direction} the domain's; OCI refuses calls that are 5 min off.`,
    );
  }
}
