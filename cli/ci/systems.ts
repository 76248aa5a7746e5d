// The CI systems: how a job recognises them, what identifies a job, where the checkout is, what gives a job ID tokens.
import type { Environment } from '../../src/ports.ts';

export interface CiSystem {
  id: string;
  /** For messages. */
  name: string;
  /** Variables of which every job has one. The first is that of the job, the others are those of its ID tokens. */
  signs: readonly string[];
  /** Variables that together identify a job among all jobs of a machine. */
  job: readonly string[];
  /** The variable with the directory of the checkout. */
  checkout: string | undefined;
  /** What a job needs to get ID tokens. Follows "Add" in a sentence. */
  setting: string;
  /** Where the audience is set, if not by `--audience`. */
  audience?: string;
}

/** Azure DevOps always uses it. */
export const AZURE_AUDIENCE = 'api://AzureADTokenExchange';

/** For GitHub's runner and compatible ones. */
const RUNNER_JOB = [
  'RUNNER_TRACKING_ID',
  'RUNNER_NAME',
  'GITHUB_SERVER_URL',
  'GITHUB_RUN_ID',
  'GITHUB_RUN_ATTEMPT',
  'GITHUB_JOB',
];

export const CI_SYSTEMS = {
  github: {
    id: 'github',
    name: 'GitHub',
    signs: ['GITHUB_ACTIONS', 'ACTIONS_ID_TOKEN_REQUEST_URL'],
    job: RUNNER_JOB,
    checkout: 'GITHUB_WORKSPACE',
    setting: '`permissions: { id-token: write, contents: read }` to the job',
  },
  forgejo: {
    id: 'forgejo',
    name: 'Forgejo',
    signs: ['FORGEJO_ACTIONS'],
    job: RUNNER_JOB,
    checkout: 'GITHUB_WORKSPACE',
    setting: '`enable-openid-connect: true` to the workflow (Forgejo 15 or later)',
  },
  gitlab: {
    id: 'gitlab',
    name: 'GitLab',
    signs: ['GITLAB_CI'],
    job: ['CI_SERVER_URL', 'CI_JOB_ID'],
    checkout: 'CI_PROJECT_DIR',
    setting: '`id_tokens: { OCI_ID_TOKEN: { aud: https://cloud.oracle.com } }` to the job',
    audience: '`aud` below `id_tokens: OCI_ID_TOKEN`',
  },
  bitbucket: {
    id: 'bitbucket',
    name: 'Bitbucket',
    signs: ['BITBUCKET_BUILD_NUMBER', 'BITBUCKET_STEP_OIDC_TOKEN'],
    job: ['BITBUCKET_PIPELINE_UUID', 'BITBUCKET_STEP_UUID'],
    checkout: 'BITBUCKET_CLONE_DIR',
    setting: '`oidc: true` to the step',
    audience: '`oidc: { audiences: [ … ] }` of the step',
  },
  'azure-devops': {
    id: 'azure-devops',
    name: 'Azure DevOps',
    signs: ['TF_BUILD', 'SYSTEM_OIDCREQUESTURI'],
    job: ['SYSTEM_COLLECTIONURI', 'SYSTEM_PLANID', 'SYSTEM_JOBID', 'SYSTEM_JOBATTEMPT'],
    checkout: 'BUILD_SOURCESDIRECTORY',
    setting: '`env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }` to the step',
    audience: `Azure DevOps, which always writes ${AZURE_AUDIENCE}`,
  },
  circleci: {
    id: 'circleci',
    name: 'CircleCI',
    signs: ['CIRCLECI'],
    job: ['CIRCLE_WORKFLOW_JOB_ID', 'CIRCLE_NODE_INDEX'],
    checkout: 'CIRCLE_WORKING_DIRECTORY',
    setting: 'the program `circleci` of the executors of CircleCI to PATH',
  },
  buildkite: {
    id: 'buildkite',
    name: 'Buildkite',
    signs: ['BUILDKITE'],
    job: ['BUILDKITE_JOB_ID'],
    checkout: 'BUILDKITE_BUILD_CHECKOUT_PATH',
    setting: 'the program `buildkite-agent` to PATH, also in containers of the job',
  },
  'hcp-terraform': {
    id: 'hcp-terraform',
    name: 'HCP Terraform',
    signs: ['TFC_RUN_ID', 'TFC_WORKLOAD_IDENTITY_TOKEN'],
    job: ['TFC_RUN_ID'],
    checkout: undefined,
    setting: 'the environment variable `TFC_WORKLOAD_IDENTITY_AUDIENCE` to the workspace',
    audience: '`TFC_WORKLOAD_IDENTITY_AUDIENCE` of the workspace',
  },
  jenkins: {
    id: 'jenkins',
    name: 'Jenkins',
    signs: ['JENKINS_URL'],
    job: ['BUILD_URL', 'NODE_NAME', 'EXECUTOR_NUMBER'],
    checkout: 'WORKSPACE',
    setting:
      'a credential of the plugin oidc-provider to `withCredentials`, and name it with `--id-token-file`',
    audience: 'the credential of the plugin oidc-provider',
  },
} as const satisfies Readonly<Record<string, CiSystem>>;

export type SystemId = keyof typeof CI_SYSTEMS;

/** The systems whose variables are set. Forgejo also sets those of GitHub, and counts as one. */
export function systemsIn(env: Environment): SystemId[] {
  const isSet = (name: string) => !['', 'false', '0'].includes((env(name) ?? '').toLowerCase());
  const found = (Object.keys(CI_SYSTEMS) as SystemId[]).filter((id) => CI_SYSTEMS[id].signs.some(isSet));
  return found.includes('forgejo') ? found.filter((id) => id !== 'github') : found;
}

interface CiJob {
  /** Identifies the job among all jobs of this machine. */
  job: string;
  /** The checkout, into which no key is written; undefined if the system does not say where it is. */
  checkout: string | undefined;
}

/** Undefined outside the systems that this version knows. */
export function ciJob(env: Environment): CiJob | undefined {
  const systems = systemsIn(env).map((id): CiSystem => CI_SYSTEMS[id]);
  if (systems.length === 0) return undefined;
  const job = systems.flatMap(({ name, job }) => [name, ...job.map((variable) => env(variable) ?? '')]);
  const [checkout] = systems.flatMap((system) => (system.checkout && env(system.checkout)) || []);
  // CircleCI writes `~/project`.
  return { job: job.join('/'), checkout: checkout?.replace(/^~(?=\/|$)/, () => env('HOME') || '~') };
}
