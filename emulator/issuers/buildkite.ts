// Source: Buildkite docs, "buildkite-agent oidc"; the agent's source for the request.
import type { SystemSpec } from './systems.ts';

export const BUILDKITE = {
  organization: 'acme',
  organizationId: 'b1a2c3d4-e5f6-4718-8293-a4b5c6d7e8f9',
  pipeline: 'infra',
  pipelineId: '2c3d4e5f-6071-4829-93a4-b5c6d7e8f901',
  branch: 'main',
  commit: '0123456789abcdef0123456789abcdef01234567',
  step: 'deploy',
  jobId: '0190c5d2-4b6a-4f3c-9d1e-7a8b9c0d1e2f',
  buildNumber: 7,
} as const;

export const BUILDKITE_TOKEN_PATH = `/v3/jobs/${BUILDKITE.jobId}/oidc/tokens`;

const PIPELINE = `organization:${BUILDKITE.organization}:pipeline:${BUILDKITE.pipeline}:ref:refs/heads/${BUILDKITE.branch}`;

export const buildkite: SystemSpec = {
  issuerPath: () => '',
  keysPath: () => '/.well-known/jwks',
  // Not documented: "the API will choose a default finite lifetime".
  lifetimeSeconds: 300,
  notBeforeSeconds: 60,
  hasTokenId: false,
  hasType: true,
  claims: () => ({
    organization_id: BUILDKITE.organizationId,
    organization_slug: BUILDKITE.organization,
    pipeline_slug: BUILDKITE.pipeline,
    build_number: BUILDKITE.buildNumber,
    build_branch: BUILDKITE.branch,
    build_tag: null,
    build_commit: BUILDKITE.commit,
    build_source: 'ui',
    step_key: BUILDKITE.step,
    job_id: BUILDKITE.jobId,
    agent_id: '0190c5d2-1111-4f3c-9d1e-7a8b9c0d1e2f',
    runner_environment: 'self-hosted',
    sub: `${PIPELINE}:commit:${BUILDKITE.commit}:step:${BUILDKITE.step}`,
  }),
  rule: () => `${PIPELINE}:*`,
};
