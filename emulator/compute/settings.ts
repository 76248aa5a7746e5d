// Settings of the instance on which a job runs: what its certificate says, and how its metadata service responds.
import { newOcid } from '../server/ocid.ts';

export interface Instance {
  id: string;
  compartmentId: string;
  /** Undefined for the tenancy of the settings. */
  tenancy: string | undefined;
}

export interface ComputeSettings {
  instance: Instance;
  /** The attribute of the certificate's subject that has the tenancy. SDKs read both. */
  instanceTenancyAttribute: 'opc-tenant' | 'opc-identity';
  /** Whose metadata service responds at the address. That of Azure, as on GitHub's own runners, knows none of the paths. */
  metadataService: 'oracle' | 'azure';
  /** The form of `/instance/region`: the region's name, or its key in lower case. */
  metadataRegion: 'name' | 'key';
  realm: { key: string; domain: string };
  instanceTokenLifetimeSeconds: number;
  /** What policies allow the instance itself to do in Object Storage. */
  instanceAccess: 'manage' | 'none';
}

export function computeDefaults(): ComputeSettings {
  return {
    instance: { id: newOcid('instance'), compartmentId: newOcid('compartment'), tenancy: undefined },
    instanceTenancyAttribute: 'opc-tenant',
    metadataService: 'oracle',
    metadataRegion: 'name',
    realm: { key: 'oc1', domain: 'oraclecloud.com' },
    // As in the only public sample (Teleport's design of joining from Oracle Cloud).
    instanceTokenLifetimeSeconds: 1200,
    instanceAccess: 'none',
  };
}
