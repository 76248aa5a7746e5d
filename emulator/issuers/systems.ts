// The CI systems whose tokens a domain can trust, besides GitHub.
import { azureDevops } from './azure-devops.ts';
import { bitbucket } from './bitbucket.ts';
import { buildkite } from './buildkite.ts';
import { circleci } from './circleci.ts';
import { forgejo } from './forgejo.ts';
import { gitlab } from './gitlab.ts';
import { hcpTerraform } from './hcp-terraform.ts';
import { jenkins } from './jenkins.ts';
import { kubernetes } from './kubernetes.ts';

export const CI_SYSTEMS = [
  'gitlab',
  'forgejo',
  'bitbucket',
  'azure-devops',
  'circleci',
  'buildkite',
  'hcp-terraform',
  'kubernetes',
  'jenkins',
] as const;

export type CiSystem = (typeof CI_SYSTEMS)[number];

export type SystemForm = 'old' | 'new';

/** How a system writes its tokens. */
export interface SystemSpec {
  /** The path of `iss`; '' when it is an origin. */
  issuerPath(form: SystemForm): string;
  keysPath(form: SystemForm): string;
  /** Of a system whose jobs cannot choose. */
  fixedAudience?: string;
  lifetimeSeconds: number;
  /** How long before `iat` a token is valid; undefined when it has no `nbf`. */
  notBeforeSeconds?: number;
  /** Whether a token has `jti`. */
  hasTokenId: boolean;
  /** Whether the header has `typ`. */
  hasType: boolean;
  /** Without `iss`, `aud` and times. @param origin of the issuer */
  claims(form: SystemForm, origin: string): Readonly<Record<string, unknown>>;
  /** What `sub` is compared with in a rule for every run of the job. */
  rule(form: SystemForm, origin: string): string;
}

export const SYSTEMS: Readonly<Record<CiSystem, SystemSpec>> = {
  gitlab,
  forgejo,
  bitbucket,
  'azure-devops': azureDevops,
  circleci,
  buildkite,
  'hcp-terraform': hcpTerraform,
  kubernetes,
  jenkins,
};
