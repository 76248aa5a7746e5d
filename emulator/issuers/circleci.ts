// Source: CircleCI docs, "Using OpenID Connect tokens in jobs" and "OIDC tokens with custom claims".
import type { SystemSpec } from './systems.ts';

export const CIRCLECI = {
  organizationId: '3c1d2f5a-9a4e-4d87-8b1f-6e5d4c3b2a19',
  projectId: 'd4c3b2a1-0f9e-4d8c-b7a6-958473625140',
  userId: '0a1b2c3d-4e5f-4607-9182-93a4b5c6d7e8',
  contextId: '6f7e8d9c-0b1a-4293-8475-647382910abc',
  project: 'acme/infra',
  branch: 'main',
  commit: '0123456789abcdef0123456789abcdef01234567',
  workflowId: '5d4c3b2a-1908-4f7e-8d6c-5b4a39281706',
  jobId: 'c1b2a3f4-e5d6-4c7b-8a90-1f2e3d4c5b6a',
} as const;

const PROJECT = `org/${CIRCLECI.organizationId}/project/${CIRCLECI.projectId}`;
const ORIGIN = `github.com/${CIRCLECI.project}`;

/** Where the agent of a job requests tokens. CircleCI does not publish what its agent does. */
export const CIRCLECI_TOKEN_PATH = `/agent/jobs/${CIRCLECI.jobId}/oidc-token`;

export const circleci: SystemSpec = {
  issuerPath: () => `/org/${CIRCLECI.organizationId}`,
  keysPath: () => `/org/${CIRCLECI.organizationId}/.well-known/jwks-pub.json`,
  lifetimeSeconds: 3600,
  hasTokenId: false,
  hasType: true,
  claims: (form) => ({
    'oidc.circleci.com/project-id': CIRCLECI.projectId,
    'oidc.circleci.com/context-ids': [CIRCLECI.contextId],
    'oidc.circleci.com/ssh-rerun': false,
    'oidc.circleci.com/vcs-origin': ORIGIN,
    'oidc.circleci.com/vcs-ref': `refs/heads/${CIRCLECI.branch}`,
    sub: [
      `${PROJECT}/user/${CIRCLECI.userId}`,
      ...(form === 'new' ? [`vcs-origin/${ORIGIN}/vcs-ref/refs/heads/${CIRCLECI.branch}`] : []),
    ].join('/'),
  }),
  // The user is in the middle, and differs from run to run.
  rule: () => `${PROJECT}/*`,
};
