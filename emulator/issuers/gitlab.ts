// Source: GitLab docs, "OpenID Connect (OIDC) Authentication Using ID Tokens".
import type { SystemSpec } from './systems.ts';

export const GITLAB = {
  namespace: 'acme',
  project: 'acme/infra',
  branch: 'main',
  commit: '0123456789abcdef0123456789abcdef01234567',
  pipelineId: '574',
  jobId: '302',
} as const;

export const gitlab: SystemSpec = {
  issuerPath: () => '',
  keysPath: () => '/oauth/discovery/keys',
  // The job's timeout, an hour by default.
  lifetimeSeconds: 3600,
  notBeforeSeconds: 5,
  hasTokenId: true,
  hasType: true,
  claims: (_, origin) => ({
    namespace_id: '72',
    namespace_path: GITLAB.namespace,
    project_id: '20',
    project_path: GITLAB.project,
    project_visibility: 'private',
    job_namespace_id: '72',
    job_namespace_path: GITLAB.namespace,
    job_project_id: '20',
    job_project_path: GITLAB.project,
    user_id: '1',
    user_login: 'octo-dev',
    user_email: 'octo-dev@example.com',
    user_access_level: 'maintainer',
    pipeline_id: GITLAB.pipelineId,
    pipeline_source: 'push',
    job_id: GITLAB.jobId,
    // Without `refs/heads/`.
    ref: GITLAB.branch,
    ref_type: 'branch',
    ref_path: `refs/heads/${GITLAB.branch}`,
    ref_protected: 'true',
    runner_id: 1,
    runner_environment: 'self-hosted',
    sha: GITLAB.commit,
    ci_config_ref_uri: `${new URL(origin).host}/${GITLAB.project}//.gitlab-ci.yml@refs/heads/${GITLAB.branch}`,
    ci_config_sha: GITLAB.commit,
    sub: `project_path:${GITLAB.project}:ref_type:branch:ref:${GITLAB.branch}`,
  }),
  rule: () => `project_path:${GITLAB.project}:*`,
};
