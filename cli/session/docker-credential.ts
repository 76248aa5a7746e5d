// Docker's credential helper. A login installs it with its session and registries. `docker-credential-oci-wif` of npm has neither.
import os from 'node:os';
import path from 'node:path';
import { domainOfTenancy } from '../../src/inputs/regions.ts';
import { registriesOf } from '../../src/inputs/registry-hosts.ts';
import { parseSavedState } from '../../src/login/saved-state.ts';
import type { Environment } from '../../src/ports.ts';
import { type RegistrySession, runDockerCredential } from '../../src/run-docker-credential.ts';
import { readConfigFile } from '../connect/config-file.ts';
import { readProfile } from '../connect/profile.ts';
import { CommandError } from '../failure.ts';
import { isPrivateDirectory, stateFileOf } from './directory.ts';

/** @param args key file, token file and registries, all or none of them, then the action of Docker */
export function dockerCredential(args: readonly string[], env: Environment): Promise<void> {
  const [keyFile = '', tokenFile = '', registries = '', action] = args;
  if (args.length < 2) return runDockerCredential(() => findSession(env), args[0]);
  return runDockerCredential(() => ({ keyFile, tokenFile, hosts: registries.split(',') }), action);
}

/**
 * The session of `exec`, otherwise the profile that the OCI CLI would use, for the registry of its region.
 * @throws CommandError CREDENTIALS_UNUSABLE; ActionError OCI_REALM_UNKNOWN
 */
function findSession(env: Environment): RegistrySession {
  const home = os.homedir();
  const own = env('OCI_WIF_SESSION');
  const { file, name } = own
    ? profileIn(own)
    : {
        file: env('OCI_CLI_CONFIG_FILE') || path.join(home, '.oci/config'),
        name: env('OCI_CLI_PROFILE') || 'DEFAULT',
      };
  const { keyFile, tokenFile, region, tenancy } = readProfile(
    readConfigFile(file, { remedy: LOG_IN }),
    name,
    { file, home },
  );
  if (!keyFile || !tokenFile || !region || !tenancy) {
    const text = `Profile [${name}] of ${file} has no session: it needs a key, a token, a region and a tenancy.`;
    throw new CommandError('CREDENTIALS_UNUSABLE', text, { remedy: LOG_IN });
  }
  return { keyFile, tokenFile, hosts: registriesOf(region, domainOfTenancy(tenancy)) };
}

const LOG_IN = 'Run the command under `oci-wif exec`, or after `oci-wif login`.';

/** The profile of a session directory. After the session ended, another user could create a directory with its name. */
function profileIn(directory: string): { file: string; name: string } {
  if (!isPrivateDirectory(directory)) {
    const text = `The directory in OCI_WIF_SESSION does not exist, or other users have access to it: ${directory}.`;
    throw new CommandError('CREDENTIALS_UNUSABLE', text, { remedy: LOG_IN });
  }
  const { installed = [] } =
    parseSavedState(readConfigFile(stateFileOf(directory), { remedy: LOG_IN })) ?? {};
  const profile = installed.find((one) => one.member === undefined && one.directory !== null);
  if (profile !== undefined) return { file: profile.file, name: profile.section };
  const text = `The session in ${directory} has no profile for OCI.`;
  throw new CommandError('CREDENTIALS_UNUSABLE', text, { remedy: LOG_IN });
}
