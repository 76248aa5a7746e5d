// The container registry (OCIR) for later steps: a credential helper for Docker and other clients, or a password.
import path from 'node:path';
import type { OciConfig } from '../inputs/config.ts';
import { domainOfTenancy } from '../inputs/regions.ts';
import { registriesOf, tokenHostOf } from '../inputs/registry-hosts.ts';
import { basicAuthOf, type RegistryToken } from '../oci/registry.ts';
import { dockerConfigFile } from '../profiles/docker-config.ts';
import { toText } from '../profiles/ini-text.ts';
import { assertSafePaths, installSection } from '../profiles/install.ts';
import { helperName, membersOf } from '../profiles/json-members.ts';
import { sessionPaths } from '../profiles/oci-profile.ts';
import type { DockerObject } from '../profiles/section-target.ts';
import { parseObject } from '../response.ts';
import { homeOfDockerActions } from '../targets/docker.ts';
import { helperFile } from '../targets/registry-helper.ts';
import { installDepsOf, makeTemporary } from './install.ts';
import type { LoginDeps } from './login.ts';
import { type OciSession, proofOf } from './oci-session.ts';
import { requestRegistryToken } from './registry-token.ts';
import type { SavedState } from './saved-state.ts';

/** What is known before anything is installed. */
export interface Registries {
  hosts: readonly string[];
  /** Docker's config file. */
  file: string;
  /** Docker's config file for Docker actions, which cannot run the helper; undefined if they need none. */
  copy: string | undefined;
  /** With `ocir-login`: a token for each host. */
  tokens: ReadonlyMap<string, RegistryToken>;
}

/** @throws ActionError OCI_REALM_UNKNOWN when the names of the registries are not known */
export function hostsFor({ registries, region }: OciConfig, tenancy: string): readonly string[] {
  const remedy = 'Set `ocir-registries` to the host names of the registries. Nothing was written.';
  return registries ?? registriesOf(region, domainOfTenancy(tenancy, remedy));
}

/**
 * Finds the registries, and requests their tokens with `ocir-login`. Changes nothing.
 * @throws ActionError as `hostsFor`, `dockerConfigFile` and `requestRegistryToken`
 */
export async function openRegistries(
  deps: LoginDeps,
  oci: OciConfig,
  session: OciSession,
): Promise<Registries> {
  const { runner, disk, home, temporary } = deps;
  const hosts = hostsFor(oci, session.sessionToken.tenancy);
  const file = dockerConfigFile(disk.files, runner.env, home);
  const names = ['DOCKER_AUTH_CONFIG', 'REGISTRY_AUTH_FILE'].filter((name) => Boolean(runner.env(name)));
  for (const name of names)
    runner.warning(`${name} is set in this job, and some clients then ignore ${file}. Remove the variable.`);
  const tokens = new Map<string, RegistryToken>();
  if (!oci.registryLogin) return { hosts, file, copy: undefined, tokens };
  for (const tokenHost of new Set(hosts.map(tokenHostOf))) {
    const token = await requestRegistryToken(deps, tokenHost, proofOf(session));
    for (const secret of [token.token, basicAuthOf(token)]) runner.mask(secret);
    for (const host of hosts) if (tokenHostOf(host) === tokenHost) tokens.set(host, token);
  }
  const context = {
    home,
    platform: process.platform,
    temporary: disk.files.canonical(temporary, 'directory'),
  };
  const actionsHome = oci.exportFor.includes('docker') ? homeOfDockerActions(context) : undefined;
  return { hosts, file, copy: actionsHome && path.join(actionsHome, '.docker', 'config.json'), tokens };
}

/**
 * Installs the helper and the entries that name it, or with `ocir-login` the passwords. Not both: every client that supports
 * helpers tries the helper first, and fails where it cannot run it.
 * @throws ActionError as `installSection`
 */
export async function installRegistries(
  deps: LoginDeps,
  state: SavedState,
  oci: OciConfig,
  registries: Registries,
  directory: string,
): Promise<void> {
  const { runner } = deps;
  const { hosts, file, copy, tokens } = registries;
  const installDeps = installDepsOf(deps, state);
  const install = (target: { file: string; section: string; member: DockerObject }, value: object | string) =>
    installSection(installDeps, {
      target: { ...target, directory: null },
      format: membersOf(target.member),
      overwrite: oci.overwriteProfile,
      expiresAt: (target.member === 'auths' && tokens.get(target.section)?.expiresAt) || null,
      lines: [JSON.stringify(value)],
      isSecret: target.member === 'auths',
    });
  if (oci.registryLogin) {
    for (const one of copy === undefined ? [file] : [file, copy])
      for (const [section, token] of tokens)
        await install({ file: one, section, member: 'auths' }, { auth: basicAuthOf(token).reveal() });
    warnOfHelpers(deps, registries);
  } else {
    const name = helperName(deps.owner.loginId);
    const bin = installHelper(deps, state, oci, hosts, directory);
    for (const section of hosts) await install({ file, section, member: 'credHelpers' }, name);
    runner.addPath(bin);
  }
  report(deps, registries);
}

/** @returns the directory of the program */
function installHelper(
  deps: LoginDeps,
  state: SavedState,
  oci: OciConfig,
  hosts: readonly string[],
  directory: string,
): string {
  const { disk, owner, programs } = deps;
  const { keyFile, tokenFile } = sessionPaths(oci.configFile, oci.profile);
  const bin = path.join(directory, 'bin');
  makeTemporary(deps, state, directory);
  assertSafePaths(disk.files, [{ path: bin, use: 'directory' }]);
  const command = { program: [programs.node, ...programs.dockerCredential], keyFile, tokenFile, hosts };
  const { name, content } = helperFile(owner.loginId, command, process.platform);
  disk.files.ensureDirectory(bin);
  disk.files.create(path.join(bin, name), content);
  disk.files.setMode(path.join(bin, name), 0o700);
  return bin;
}

/** Helpers of the user or of an earlier login. @see docker CLI, `GetCredentialsStore` */
function warnOfHelpers({ runner, disk }: LoginDeps, { hosts, file }: Registries): void {
  const config = parseObject(toText(disk.files.read(file)));
  const { credHelpers, credsStore } = config ?? {};
  const named = hosts.filter((host) => Object.hasOwn(Object(credHelpers), host));
  for (const host of credsStore === undefined ? named : hosts)
    runner.warning(
      `${file} names a credential helper for ${host}, which clients use before the password of \`ocir-login\`. Remove it from ${named.includes(host) ? 'credHelpers' : 'credsStore'}.`,
    );
}

function report({ runner }: LoginDeps, { hosts, file, tokens }: Registries) {
  if (tokens.size === 0)
    runner.info(
      `Docker gets a new token for each request to ${hosts.join(', ')}: see credHelpers in ${file}.`,
    );
  for (const [host, { expiresAt }] of tokens) {
    const end =
      expiresAt === undefined
        ? 'expires at a time that the registry did not state'
        : `expires at ${new Date(expiresAt).toISOString()}`;
    runner.info(
      `The password for ${host} in auths ${end}. Nothing renews it: log in again before it expires.`,
    );
  }
}
