// Source: Atlassian support, "Deploy on AWS using Bitbucket Pipelines OpenID Connect"; the claims: Teleport's documentation.
import { randomUUID } from 'node:crypto';
import type { SystemSpec } from './systems.ts';

export const BITBUCKET = {
  workspace: 'acme',
  workspaceUuid: '{8a1fdada-cbc0-452c-81ce-07534945e18b}',
  repository: 'infra',
  repositoryUuid: '{437da666-7aab-4b60-a947-ec542536ca0d}',
  pipelineUuid: '{0c3f1f6e-5f3a-4a57-9a34-0d2b4f7c8e11}',
  branch: 'main',
  commit: '0123456789abcdef0123456789abcdef01234567',
} as const;

/** Of a step without `oidc.audiences`. */
export const BITBUCKET_AUDIENCE = `ari:cloud:bitbucket::workspace/${BITBUCKET.workspaceUuid.slice(1, -1)}`;

const ISSUER = `/2.0/workspaces/${BITBUCKET.workspace}/pipelines-config/identity/oidc`;

export const bitbucket: SystemSpec = {
  issuerPath: () => ISSUER,
  keysPath: () => `${ISSUER}/keys.json`,
  // Not documented.
  lifetimeSeconds: 3600,
  hasTokenId: false,
  hasType: true,
  claims: () => {
    // New in every run of the step.
    const stepUuid = `{${randomUUID()}}`;
    return {
      workspaceUuid: BITBUCKET.workspaceUuid,
      repositoryUuid: BITBUCKET.repositoryUuid,
      pipelineUuid: BITBUCKET.pipelineUuid,
      stepUuid,
      branchName: BITBUCKET.branch,
      sub: `${BITBUCKET.repositoryUuid}:${stepUuid}`,
    };
  },
  rule: () => `${BITBUCKET.repositoryUuid}:*`,
};
