// Homes for the crash tests, with the inputs of the login.
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { writeHome } from '../../e2e/journey.ts';

export interface Setting {
  title: string;
  /** By path in the home. */
  files: Record<string, string>;
  inputs: Record<string, string>;
  /** Whether the login is to AWS too. */
  toAws: boolean;
  /** Whether the configs seem to have just been written by another program. The login then reads each of them twice. */
  isBusy?: boolean;
  /** Whether the inputs also name the clusters of the emulator. */
  withClusters?: boolean;
  /** Whether the login exports for the emulated container registry. */
  usesRegistry?: boolean;
}

const AWS = { 'aws-profile': 'deploy', 'aws-credential-source': 'web-identity', 'overwrite-profile': 'true' };
const USER_SESSION = {
  '.oci/sessions/DEFAULT/oci_api_key.pem': 'the key of the user\n',
  '.oci/sessions/DEFAULT/token': 'the token of the user',
  '.oci/sessions/DEFAULT/notes/today': 'keep me',
};

export const EMPTY: Setting = { title: 'an empty home', files: {}, inputs: {}, toAws: false };

export const NO_LAST_LINE_END: Setting = {
  title: 'a config without a last line end',
  files: {
    '.oci/config': '# mine\r\n[OTHER]\r\nregion=eu-zurich-1\r\n\r\n# \xfc\r\n[LAST]\r\nuser=ocid1.user',
  },
  inputs: { profile: 'ci' },
  toAws: false,
};

export const USER_SECTION: Setting = {
  title: 'a section and session files of the user',
  files: {
    '.oci/config': '[OTHER]\nx=1\n\n[DEFAULT]\nuser=ocid1.user\npass_phrase=p\n\n# of the last\n[LAST]\ny=2',
    ...USER_SESSION,
  },
  inputs: { 'overwrite-profile': 'true' },
  toAws: false,
};

export const BUSY: Setting = { ...USER_SECTION, title: 'a config that other programs write', isBusy: true };

export const TWO_CLOUDS: Setting = {
  title: 'a login to two clouds over sections of the user',
  files: {
    '.oci/config': '[DEFAULT]\nuser=ocid1.user\n[LAST]\ny=2',
    ...USER_SESSION,
    '.aws/config': '[default]\nregion = x\n[profile other]\nregion = y',
    '.aws/credentials': '# keys\n[deploy]\naws_access_key_id = of the user\n\n[other]\naws_access_key_id = x',
  },
  // Its keys are secrets in a file that others could read.
  inputs: { ...AWS, 'aws-credential-source': 'session' },
  toAws: true,
};

export const REFRESHED: Setting = {
  title: 'a login to two clouds with a refresher',
  files: { '.oci/config': '[OTHER]\nx=1\n' },
  inputs: { 'aws-credential-source': 'web-identity', refresh: 'true' },
  toAws: true,
};

export const NEW_TO_BOTH: Setting = {
  title: 'a login to two clouds into an empty home',
  files: {},
  inputs: AWS,
  toAws: true,
};

export const EXPORT_TARGETS: Setting = {
  title: 'a login with all export targets',
  files: {},
  inputs: { 'export-for': 'cli, terraform-session, ansible, resource-principal, docker, kubectl' },
  toAws: false,
  withClusters: true,
};

export const REGISTRY: Setting = {
  title: "a login with entries in Docker's config file, over one of the user",
  files: { '.docker/config.json': '{\n\t"auths": {},\n\t"credHelpers": {\n\t\t"gcr.io": "gcloud"\n\t}\n}' },
  inputs: { 'export-for': 'ocir, docker', 'ocir-login': 'true' },
  toAws: false,
  usesRegistry: true,
};

export const NEW_REGISTRY: Setting = {
  title: "a login that creates Docker's config file",
  files: {},
  inputs: { 'export-for': 'ocir' },
  toAws: false,
  usesRegistry: true,
};

/** Writes the files. Other users can read the configs: this mode must be restored too. */
export function furnish(home: string, { files }: Setting): void {
  writeHome(home, files);
  for (const name of Object.keys(files))
    if (/(config|credentials|config\.json)$/.test(name)) chmodSync(path.join(home, name), 0o644);
}
