// Settings of OCI's IAM. Policies are in `world.iam`.
import { newOcid } from '../server/ocid.ts';

/** What a user may do in IAM: everything, read but not change policies, nothing. */
export type IamAccess = 'administrator' | 'reader' | 'none';

export interface CompartmentSetting {
  id: string;
  name: string;
  /** Undefined for the tenancy. */
  parent?: string;
}

export interface IamSettings {
  /** OCID of the user whose API key and session `startAdministrator` makes. */
  administrator: string;
  /** By OCID of the user. Without an entry, the administrator may do everything and others nothing. */
  iamAccess: Readonly<Record<string, IamAccess>>;
  domainOcid: string;
  /** The name in policy statements. */
  domainName: string;
  /** `free`, `oracle-apps`, `oracle-apps-premium`, `premium`, `external-user`. */
  domainLicense: string;
  /** The first is the home region. IAM accepts changes only there. */
  regionSubscriptions: readonly { key: string; name: string }[];
  compartments: readonly CompartmentSetting[];
  /** Items of a page, unless a request asks for fewer. */
  iamPageSize: number;
  /** How many responses show a new policy as CREATING. The response to its creation counts, too. */
  policyCreatingResponses: number;
  /** How many writes of a policy are refused because IAM does not know a new group yet. */
  groupRefusals: number;
  policyLimits: { policies: number; statementsOfOne: number; statementsOfAll: number };
  /** Called before a policy is created, changed or deleted. A test can write here as a second client. */
  beforePolicyWrite: ((method: string, id: string | undefined) => void) | undefined;
}

/** IAM without delays, for tests that do not test them. */
export const PROMPT_IAM = { policyCreatingResponses: 0, groupRefusals: 0 } as const;

export function iamDefaults(): IamSettings {
  const apps = newOcid('compartment');
  return {
    administrator: newOcid('user'),
    iamAccess: {},
    domainOcid: newOcid('domain'),
    domainName: 'Default',
    domainLicense: 'free',
    regionSubscriptions: [
      { key: 'IAD', name: 'us-ashburn-1' },
      { key: 'FRA', name: 'eu-frankfurt-1' },
    ],
    compartments: [
      { id: apps, name: 'apps' },
      { id: newOcid('compartment'), name: 'prod', parent: apps },
      { id: newOcid('compartment'), name: 'test', parent: apps },
    ],
    iamPageSize: 2,
    policyCreatingResponses: 1,
    groupRefusals: 1,
    policyLimits: { policies: 100, statementsOfOne: 50, statementsOfAll: 500 },
    beforePolicyWrite: undefined,
  };
}
