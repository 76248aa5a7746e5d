// The homes in which processes are killed, with the inputs of the login: from empty to full of the user's own.
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { writeHome } from '../../e2e/journey.ts';

export interface Setting {
  title: string;
  /** By path below the home. */
  files: Record<string, string>;
  inputs: Record<string, string>;
  /** Whether the login goes on to AWS. */
  toAws: boolean;
  /** Whether the configs look as if another program had just written them, so that each is looked at twice. */
  isBusy?: boolean;
}

const AWS = { 'aws-profile': 'deploy', 'aws-credential-source': 'web-identity', 'overwrite-profile': 'true' };
const OWN_SESSION = {
  '.oci/sessions/DEFAULT/oci_api_key.pem': 'the key of the user\n',
  '.oci/sessions/DEFAULT/token': 'the token of the user',
  '.oci/sessions/DEFAULT/notes/today': 'keep me',
};

export const EMPTY: Setting = { title: 'an empty home', files: {}, inputs: {}, toAws: false };

export const UNFINISHED: Setting = {
  title: 'a config with an unfinished last line',
  files: {
    '.oci/config': '# mine\r\n[OTHER]\r\nregion=eu-zurich-1\r\n\r\n# \xfc\r\n[LAST]\r\nuser=ocid1.user',
  },
  inputs: { profile: 'ci' },
  toAws: false,
};

export const OWN_SECTION: Setting = {
  title: "the user's own section and session files",
  files: {
    '.oci/config': '[OTHER]\nx=1\n\n[DEFAULT]\nuser=ocid1.user\npass_phrase=p\n\n# of the last\n[LAST]\ny=2',
    ...OWN_SESSION,
  },
  inputs: { 'overwrite-profile': 'true' },
  toAws: false,
};

export const BUSY: Setting = { ...OWN_SECTION, title: 'a config that others write too', isBusy: true };

export const TWO_CLOUDS: Setting = {
  title: 'a login to two clouds over sections of the user',
  files: {
    '.oci/config': '[DEFAULT]\nuser=ocid1.user\n[LAST]\ny=2',
    ...OWN_SESSION,
    '.aws/config': '[default]\nregion = x\n[profile other]\nregion = y',
    '.aws/credentials': '# keys\n[deploy]\naws_access_key_id = of the user\n\n[other]\naws_access_key_id = x',
  },
  inputs: AWS,
  toAws: true,
};

export const KEPT_FRESH: Setting = {
  title: 'a session that is kept fresh, to two clouds',
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
  title: 'a home whose session is served in every way',
  files: {},
  inputs: { 'export-for': 'cli, terraform-session, ansible, resource-principal, docker' },
  toAws: false,
};

/** The configs can be read by others, as many are: that has to survive as well. */
export function furnish(home: string, { files }: Setting): void {
  writeHome(home, files);
  for (const name of Object.keys(files)) if (name.endsWith('config')) chmodSync(path.join(home, name), 0o644);
}
