// Chooses the credentials of the administrator, and connects with them.
import os from 'node:os';
import { expandHome } from '../../src/inputs/paths.ts';
import type { SigningKey } from '../../src/oci/request-signature.ts';
import type { Clock, Environment, Http } from '../../src/ports.ts';
import { CommandError } from '../failure.ts';
import { readConfigFile } from './config-file.ts';
import type { OciAuth, OciConnection } from './connection.ts';
import { apiKeyAdvice, apiKeyOf, bearerTokenOf, renewSession, sessionKeyOf } from './credentials.ts';
import { byBearer, bySignature, httpConnection } from './http-connection.ts';
import { ociCliConnection } from './oci-cli.ts';
import type { ConnectionOptions } from './options.ts';
import { type Profile, readProfile } from './profile.ts';

interface ConnectDeps {
  env: Environment;
  clock: Clock;
  http: Http;
}

/** @throws CommandError CREDENTIALS_UNUSABLE */
export function connectOci(options: ConnectionOptions, deps: ConnectDeps): OciConnection {
  const kind = options.auth ?? kindFromEnvironment(options, deps.env);
  if (kind === 'bearer') return connectWithToken(options, deps);
  if (kind === 'oci-cli') return connectThroughCli(options, deps);
  const profile = loadProfile(options);
  const auth = kind ?? profile.auth;
  if (auth === undefined) return connectThroughCli(options, deps);
  const key = auth === 'api_key' ? apiKeyOf(profile) : sessionKeyOf(profile, deps.clock.now());
  const advice = auth === 'api_key' ? apiKeyAdvice(profile, key) : renewSession(profile);
  return connectWithKey(auth, { key, advice, profile, options }, deps);
}

/** A kind that only the OCI CLI knows, such as that of Cloud Shell, goes through it. */
function kindFromEnvironment(options: ConnectionOptions, env: Environment): OciAuth | undefined {
  if (options['token-file'] !== undefined || env('OCI_WIF_TOKEN')) return 'bearer';
  const kind = env('OCI_CLI_AUTH') || undefined;
  return kind === undefined || kind === 'api_key' || kind === 'security_token' ? kind : 'oci-cli';
}

function connectWithKey(
  auth: 'api_key' | 'security_token',
  {
    key,
    advice,
    profile,
    options,
  }: { key: SigningKey; advice: string; profile: Profile; options: ConnectionOptions },
  { http, clock }: ConnectDeps,
): OciConnection {
  return {
    ...httpConnection(http, bySignature(key, clock.now)),
    auth,
    advice,
    tenancy: profile.tenancy,
    region: options.region ?? profile.region,
    reachesIam: true,
  };
}

function connectWithToken(options: ConnectionOptions, { env, http, clock }: ConnectDeps): OciConnection {
  return {
    ...httpConnection(http, byBearer(bearerTokenOf(options, env, clock.now()))),
    auth: 'bearer',
    advice: 'Get a new access token from this domain, with the scope urn:opc:idm:__myscopes__.',
    tenancy: undefined,
    region: options.region,
    reachesIam: false,
  };
}

/** The config file may be absent or hold no profile: Cloud Shell has variables instead. */
function connectThroughCli(options: ConnectionOptions, { env }: ConnectDeps): OciConnection {
  const profile = tryProfile(options);
  const isSession = profile?.auth === 'security_token' && !env('OCI_CLI_AUTH');
  return {
    ...ociCliConnection(options, isSession ? 'security_token' : undefined),
    auth: 'oci-cli',
    advice: 'Run `oci iam region list` with the same profile until it works.',
    tenancy: env('OCI_CLI_TENANCY') || profile?.tenancy || env('OCI_TENANCY') || undefined,
    region: options.region ?? (profile?.region || env('OCI_REGION') || undefined),
    reachesIam: true,
  };
}

function tryProfile(options: ConnectionOptions): Profile | undefined {
  try {
    return loadProfile(options);
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

const NO_CONFIG_FILE =
  'Create a profile with `oci session authenticate`, or name the file with `--config-file`.';

function loadProfile(options: ConnectionOptions): Profile {
  const home = os.homedir();
  const file = expandHome(options['config-file'] ?? '~/.oci/config', home);
  const text = readConfigFile(file, { name: `The OCI config file ${file}`, remedy: NO_CONFIG_FILE });
  return readProfile(text, options.profile ?? 'DEFAULT', { file, home });
}
