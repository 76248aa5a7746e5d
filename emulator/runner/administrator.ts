// The machine of an administrator in miniature: a home directory with profiles and credentials, `gh` on the PATH, and a
// proxy that leads the public host names to the emulator.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { issueUpst } from '../domain/session-token.ts';
import { type GithubToken, issueGithubToken } from '../github/repositories.ts';
import { type ConnectProxy, startConnectProxy } from '../proxy.ts';
import type { Emulator, EmulatorOptions, World } from '../server/start.ts';
import { addAccessKey } from '../sts/role-session.ts';
import { readCalls, writeProgram } from './programs.ts';

/** The `hosts` of an emulator that an administrator reaches. The first of `iam` is in the home region. */
export const PUBLIC_HOSTS = {
  github: 'token.actions.githubusercontent.com',
  'github-api': 'api.github.com',
  domain: 'idcs-00112233445566778899aabbccddeeff.identity.oraclecloud.com',
  iam: ['identity.us-ashburn-1.oci.oraclecloud.com', 'identity.eu-frankfurt-1.oci.oraclecloud.com'],
  oci: ['objectstorage.us-ashburn-1.oraclecloud.com', 'objectstorage.eu-frankfurt-1.oraclecloud.com'],
  'aws-iam': 'iam.amazonaws.com',
  sts: 'sts.us-east-1.amazonaws.com',
} as const satisfies EmulatorOptions['hosts'];

export interface AdministratorOptions {
  /** Rights of the token; all rights by default. */
  github?: GithubToken;
  /** Where the token is: in GH_TOKEN, or where `gh auth login` stores it. */
  githubLogin?: 'variable' | 'gh';
  /** Of the profiles; the home region by default. */
  region?: string;
  /** Programs on the PATH before the system's own; `gh` by default. */
  programs?: readonly ('gh' | 'oci')[];
  /** Changes the environment; undefined removes a variable. */
  env?: Readonly<Record<string, string | undefined>>;
}

export interface Administrator {
  home: string;
  /** The complete environment of a process on this machine. */
  env: Record<string, string>;
  /** `<tenancy>/<user>/<fingerprint>`, registered in `world.apiKeys`. */
  keyId: string;
  /** Of `key_file`, of the session and of the encrypted key alike. */
  privateKey: KeyObject;
  passPhrase: string;
  githubToken: string;
  proxy: ConnectProxy;
  /** The arguments of each call of `gh` and `oci` until now, for example `['gh', 'secret', 'set', …]`. */
  calls(): string[][];
  /** Writes a new token for the profile SESSION; with a negative lifetime, one that has expired. */
  writeSession(lifetimeSeconds: number): Promise<void>;
  /** Closes the proxy and removes the home directory. */
  end(): Promise<void>;
}

const PROGRAMS = { gh: 'emulator/github/gh.ts', oci: 'emulator/oci/raw-request.ts' } as const;
const CALLS = 'calls.jsonl';

/**
 * The profiles of `~/.oci/config` are DEFAULT (API key), ENCRYPTED (the same key with `pass_phrase`) and SESSION
 * (`security_token_file`).
 * @param emulator started with `hosts: PUBLIC_HOSTS`
 */
export async function startAdministrator(
  emulator: Emulator,
  options: AdministratorOptions = {},
): Promise<Administrator> {
  const { world } = emulator;
  const home = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'administrator-')));
  const proxy = await startConnectProxy({ routes: emulator.routes });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const passPhrase = randomBytes(12).toString('base64url');
  const { tenancy, administrator } = world.settings;
  const keyId = `${tenancy}/${administrator}/${fingerprintOf(publicKey)}`;
  world.apiKeys.set(keyId, publicKey);
  world.secrets.add(passPhrase);
  writeOciFiles(home, { keyId, privateKey, passPhrase, region: regionOf(emulator, options) });
  writeAwsFiles(home, emulator);
  writePrograms(home, options.programs ?? ['gh']);
  write(home, '.oci/oci_cli_rc', `[OCI_CLI_SETTINGS]\nproxy = ${proxy.url}\n`);
  const githubToken = issueGithubToken(world, options.github);
  const writeSession = (lifetimeSeconds: number) =>
    writeSessionToken(home, world, publicKey, lifetimeSeconds);
  await writeSession(3600);
  const isStored = options.githubLogin === 'gh';
  if (isStored) writeGhLogin(home, githubToken);
  const env = {
    ...machineEnvironment(home, emulator, proxy),
    GH_TOKEN: isStored ? undefined : githubToken,
    ...options.env,
  };
  return {
    home,
    env: Object.fromEntries(
      Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
    keyId,
    privateKey,
    passPhrase,
    githubToken,
    proxy,
    calls: () => readCalls(path.join(home, CALLS)),
    writeSession,
    async end() {
      await proxy.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** MD5 of the public key's DER, as OCI shows it. */
export function fingerprintOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const digest = createHash('md5').update(der).digest('hex');
  return digest.replaceAll(/(..)(?!$)/g, '$1:');
}

function regionOf({ world }: Emulator, { region }: AdministratorOptions): string {
  return region ?? world.settings.regionSubscriptions[0]?.name ?? world.settings.region;
}

interface OciFiles {
  keyId: string;
  privateKey: KeyObject;
  passPhrase: string;
  region: string;
}

function writeOciFiles(home: string, { keyId, privateKey, passPhrase, region }: OciFiles): void {
  const [tenancy, user, fingerprint] = keyId.split('/');
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  write(home, '.oci/oci_api_key.pem', String(privateKey.export(pem)));
  const encryption = { cipher: 'aes-256-cbc', passphrase: passPhrase };
  write(home, '.oci/encrypted.pem', String(privateKey.export({ ...pem, ...encryption })));
  const lines = (name: string, values: Record<string, string | undefined>) =>
    [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key}=${value}`), ''].join('\n');
  const common = { fingerprint, tenancy, region };
  const session = path.join(home, '.oci/sessions/SESSION');
  const config = [
    lines('DEFAULT', { user, ...common, key_file: '~/.oci/oci_api_key.pem' }),
    lines('ENCRYPTED', { user, ...common, key_file: '~/.oci/encrypted.pem', pass_phrase: passPhrase }),
    lines('SESSION', {
      ...common,
      key_file: path.join(home, '.oci/oci_api_key.pem'),
      security_token_file: path.join(session, 'token'),
    }),
  ];
  write(home, '.oci/config', config.join('\n'));
}

async function writeSessionToken(
  home: string,
  world: World,
  publicKey: KeyObject,
  lifetimeSeconds: number,
): Promise<void> {
  const user = { id: '', ocid: world.settings.administrator, serviceUser: false };
  const expiry = Math.floor(world.now() / 1000) + lifetimeSeconds;
  const token = await issueUpst(world, user, publicKey, { sub: 'administrator' }, expiry);
  world.secrets.add(token);
  write(home, '.oci/sessions/SESSION/token', token);
}

function writeAwsFiles(home: string, { world }: Emulator): void {
  const { accessKeyId, secretAccessKey } = addAccessKey(world, 'administrator');
  const credentials = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  write(home, '.aws/credentials', `[default]\n${credentials}`);
  write(home, '.aws/config', `[default]\nregion = ${world.settings.awsRegion}\n`);
}

function writePrograms(home: string, programs: readonly (keyof typeof PROGRAMS)[]): void {
  const directory = path.join(home, 'bin');
  for (const name of programs) {
    const env: Record<string, string> = name === 'gh' ? { NODE_USE_ENV_PROXY: '1' } : {};
    writeProgram(directory, name, PROGRAMS[name], { ...env, CALLS_FILE: path.join(home, CALLS) });
  }
}

/** Where `gh auth login` stores the token when there is no keyring. */
function writeGhLogin(home: string, token: string): void {
  write(home, '.config/gh/hosts.yml', `github.com:\n    oauth_token: ${token}\n    user: octo-dev\n`);
}

/** The CA is for Node, Python, the OCI CLI and the AWS CLI. */
function machineEnvironment(home: string, { caFile }: Emulator, proxy: ConnectProxy): Record<string, string> {
  return {
    HOME: home,
    USERPROFILE: home,
    PATH: [path.join(home, 'bin'), process.env['PATH'] ?? ''].join(path.delimiter),
    LANG: 'C.UTF-8',
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    AWS_CA_BUNDLE: caFile,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function write(home: string, name: string, text: string): void {
  const file = path.join(home, name);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}
