// The variables of a job in each CI system, reduced to those that name the system, the job, its directories and its token.
// Source: the lists of predefined variables in the documentation of each system.
import path from 'node:path';
import { decodeJwt } from 'jose';
import { AZURE_DEVOPS, AZURE_TOKEN_PATH } from '../issuers/azure-devops.ts';
import { BITBUCKET } from '../issuers/bitbucket.ts';
import { BUILDKITE } from '../issuers/buildkite.ts';
import { CIRCLECI } from '../issuers/circleci.ts';
import { FORGEJO, FORGEJO_TOKEN_PATH } from '../issuers/forgejo.ts';
import { GITLAB } from '../issuers/gitlab.ts';
import { HCP_TERRAFORM } from '../issuers/hcp-terraform.ts';
import type { Issuer } from '../issuers/issuer.ts';
import { JENKINS } from '../issuers/jenkins.ts';
import { KUBERNETES } from '../issuers/kubernetes.ts';
import type { CiSystem } from '../issuers/systems.ts';

export interface JobContext {
  issuer: Issuer;
  workspace: string;
  temp: string;
  /** What the workflow asks of the system; false when its setting for ID tokens is missing. */
  hasTokens: boolean;
  /** Of a system that sets it in a variable; '' otherwise, or when it is empty. */
  token: string;
  /** Of a system that writes a file. */
  tokenFile: string;
  audience: string;
}

type Variables = Readonly<Record<string, string>>;

export const VARIABLES: Readonly<Record<CiSystem, (job: JobContext) => Variables>> = {
  gitlab: ({ issuer, workspace, hasTokens, token }) => ({
    CI: 'true',
    GITLAB_CI: 'true',
    CI_SERVER_URL: issuer.origin,
    CI_SERVER_HOST: 'localhost',
    CI_PROJECT_PATH: GITLAB.project,
    CI_PROJECT_ID: '20',
    CI_PROJECT_DIR: workspace,
    CI_PIPELINE_ID: GITLAB.pipelineId,
    CI_JOB_ID: GITLAB.jobId,
    CI_JOB_NAME: 'deploy',
    CI_COMMIT_REF_NAME: GITLAB.branch,
    CI_COMMIT_SHA: GITLAB.commit,
    ...(hasTokens && { OCI_ID_TOKEN: token }),
  }),
  // The runner of Forgejo sets the variables of GitHub, too.
  forgejo: ({ issuer, workspace, temp, hasTokens }) => ({
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITEA_ACTIONS: 'true',
    FORGEJO_ACTIONS: 'true',
    GITHUB_SERVER_URL: issuer.origin,
    GITHUB_REPOSITORY: `${FORGEJO.owner}/${FORGEJO.repository}`,
    GITHUB_WORKSPACE: workspace,
    GITHUB_RUN_ID: FORGEJO.runId,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'deploy',
    GITHUB_REF: FORGEJO.ref,
    GITHUB_SHA: FORGEJO.commit,
    RUNNER_TEMP: temp,
    ...(hasTokens && {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer.origin}${FORGEJO_TOKEN_PATH}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.bearer,
    }),
  }),
  bitbucket: ({ workspace, hasTokens, token }) => ({
    CI: 'true',
    BITBUCKET_BUILD_NUMBER: '7',
    BITBUCKET_CLONE_DIR: workspace,
    BITBUCKET_WORKSPACE: BITBUCKET.workspace,
    BITBUCKET_REPO_SLUG: BITBUCKET.repository,
    BITBUCKET_REPO_UUID: BITBUCKET.repositoryUuid,
    BITBUCKET_REPO_FULL_NAME: `${BITBUCKET.workspace}/${BITBUCKET.repository}`,
    BITBUCKET_PIPELINE_UUID: BITBUCKET.pipelineUuid,
    BITBUCKET_STEP_UUID: stepUuidIn(token),
    BITBUCKET_BRANCH: BITBUCKET.branch,
    BITBUCKET_COMMIT: BITBUCKET.commit,
    ...(hasTokens && { BITBUCKET_STEP_OIDC_TOKEN: token }),
  }),
  'azure-devops': ({ issuer, workspace, temp, hasTokens }) => ({
    TF_BUILD: 'True',
    SYSTEM_COLLECTIONURI: `https://dev.azure.com/${AZURE_DEVOPS.organization}/`,
    SYSTEM_TEAMPROJECT: AZURE_DEVOPS.project,
    SYSTEM_TEAMPROJECTID: AZURE_DEVOPS.projectId,
    SYSTEM_PLANID: AZURE_DEVOPS.planId,
    SYSTEM_JOBID: AZURE_DEVOPS.jobId,
    SYSTEM_OIDCREQUESTURI: `${issuer.origin}${AZURE_TOKEN_PATH}`,
    BUILD_BUILDID: AZURE_DEVOPS.buildId,
    BUILD_SOURCESDIRECTORY: workspace,
    BUILD_REPOSITORY_NAME: AZURE_DEVOPS.project,
    BUILD_SOURCEBRANCH: AZURE_DEVOPS.ref,
    BUILD_SOURCEVERSION: AZURE_DEVOPS.commit,
    AGENT_TEMPDIRECTORY: temp,
    // Of the task AzureCLI@2, whose script the job is.
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: AZURE_DEVOPS.connectionId,
    // It is there only when `env:` of the step maps $(System.AccessToken).
    ...(hasTokens && { SYSTEM_ACCESSTOKEN: issuer.bearer }),
  }),
  circleci: ({ workspace, hasTokens, token }) => ({
    CI: 'true',
    CIRCLECI: 'true',
    CIRCLE_ORGANIZATION_ID: CIRCLECI.organizationId,
    CIRCLE_PROJECT_ID: CIRCLECI.projectId,
    CIRCLE_PROJECT_USERNAME: CIRCLECI.project.split('/')[0] ?? '',
    CIRCLE_PROJECT_REPONAME: CIRCLECI.project.split('/')[1] ?? '',
    CIRCLE_WORKFLOW_ID: CIRCLECI.workflowId,
    CIRCLE_WORKFLOW_JOB_ID: CIRCLECI.jobId,
    CIRCLE_JOB: 'deploy',
    CIRCLE_BUILD_NUM: '7',
    CIRCLE_BRANCH: CIRCLECI.branch,
    CIRCLE_SHA1: CIRCLECI.commit,
    // Not expanded.
    CIRCLE_WORKING_DIRECTORY: `~/${path.basename(workspace)}`,
    // For the organization's id as audience. A job of a fork has neither.
    ...(hasTokens && { CIRCLE_OIDC_TOKEN: token, CIRCLE_OIDC_TOKEN_V2: token }),
  }),
  buildkite: ({ issuer, workspace }) => ({
    CI: 'true',
    BUILDKITE: 'true',
    BUILDKITE_ORGANIZATION_SLUG: BUILDKITE.organization,
    BUILDKITE_PIPELINE_SLUG: BUILDKITE.pipeline,
    BUILDKITE_PIPELINE_ID: BUILDKITE.pipelineId,
    BUILDKITE_BUILD_NUMBER: String(BUILDKITE.buildNumber),
    BUILDKITE_BUILD_ID: '0190c5d2-2222-4f3c-9d1e-7a8b9c0d1e2f',
    BUILDKITE_JOB_ID: BUILDKITE.jobId,
    BUILDKITE_STEP_KEY: BUILDKITE.step,
    BUILDKITE_BRANCH: BUILDKITE.branch,
    BUILDKITE_COMMIT: BUILDKITE.commit,
    BUILDKITE_BUILD_CHECKOUT_PATH: workspace,
    BUILDKITE_AGENT_ENDPOINT: `${issuer.origin}/v3`,
    BUILDKITE_AGENT_ACCESS_TOKEN: issuer.bearer,
  }),
  'hcp-terraform': ({ hasTokens, token, audience }) => ({
    TFC_RUN_ID: HCP_TERRAFORM.runId,
    TFC_WORKSPACE_NAME: HCP_TERRAFORM.workspace,
    TFC_WORKSPACE_SLUG: `${HCP_TERRAFORM.organization}/${HCP_TERRAFORM.workspace}`,
    TFC_PROJECT_NAME: HCP_TERRAFORM.project,
    ...(hasTokens && { TFC_WORKLOAD_IDENTITY_AUDIENCE: audience, TFC_WORKLOAD_IDENTITY_TOKEN: token }),
  }),
  kubernetes: () => ({
    HOSTNAME: KUBERNETES.pod,
    KUBERNETES_SERVICE_HOST: '10.96.0.1',
    KUBERNETES_SERVICE_PORT: '443',
    KUBERNETES_PORT: 'tcp://10.96.0.1:443',
  }),
  jenkins: ({ issuer, workspace, hasTokens, token, tokenFile }) => ({
    CI: 'true',
    JENKINS_URL: `${issuer.origin}/`,
    BUILD_NUMBER: String(JENKINS.buildNumber),
    BUILD_TAG: `jenkins-${JENKINS.job}-${JENKINS.buildNumber}`,
    BUILD_URL: `${issuer.origin}/job/${JENKINS.job}/${JENKINS.buildNumber}/`,
    JOB_NAME: JENKINS.job,
    JOB_URL: `${issuer.origin}/job/${JENKINS.job}/`,
    WORKSPACE: workspace,
    // `withCredentials` binds an ID token as text, as a file, or both.
    ...(hasTokens && { OCI_ID_TOKEN: token, OCI_ID_TOKEN_FILE: tokenFile }),
  }),
};

function stepUuidIn(token: string): string {
  return token === '' ? '' : String(decodeJwt(token)['stepUuid']);
}
