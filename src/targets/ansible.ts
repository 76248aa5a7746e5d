import type { TargetContext, TargetExports } from './target.ts';

/** @see oracle.oci collection, `oci_config_utils`: module options override these variables */
export function ansibleExports({ oci: { configFile, profile } }: TargetContext): TargetExports {
  return {
    variables: {
      OCI_ANSIBLE_AUTH_TYPE: 'security_token',
      OCI_CONFIG_FILE: configFile,
      OCI_CONFIG_PROFILE: profile,
    },
  };
}
