// Source: Forgejo docs, "Forgejo Actions | Security OpenID Connect"; pull request 12355 for the `sub` with ids.
import type { SystemForm, SystemSpec } from './systems.ts';

export const FORGEJO = {
  owner: 'acme',
  ownerId: '1001',
  repository: 'infra',
  repositoryId: '2002',
  ref: 'refs/heads/main',
  commit: '0123456789abcdef0123456789abcdef01234567',
  runId: '77',
} as const;

/** Of both the issuer and the requests of a job. */
export const FORGEJO_API = '/api/actions';

/** Where a job requests tokens. Forgejo does not document the path: it is in ACTIONS_ID_TOKEN_REQUEST_URL. */
export const FORGEJO_TOKEN_PATH = `${FORGEJO_API}/_apis/pipelines/workflows/${FORGEJO.runId}/idtoken`;

const name = (form: SystemForm) =>
  form === 'new'
    ? `${FORGEJO.owner}-${FORGEJO.ownerId}/${FORGEJO.repository}-${FORGEJO.repositoryId}`
    : `${FORGEJO.owner}/${FORGEJO.repository}`;

export const forgejo: SystemSpec = {
  issuerPath: () => FORGEJO_API,
  keysPath: () => `${FORGEJO_API}/.well-known/keys`,
  // Not documented.
  lifetimeSeconds: 3600,
  notBeforeSeconds: 0,
  hasTokenId: true,
  hasType: true,
  claims: (form) => ({
    actor: 'octo-dev',
    actor_id: '3003',
    base_ref: '',
    event_name: 'push',
    head_ref: '',
    ref: FORGEJO.ref,
    ref_protected: 'true',
    ref_type: 'branch',
    repository: `${FORGEJO.owner}/${FORGEJO.repository}`,
    repository_id: FORGEJO.repositoryId,
    repository_owner: FORGEJO.owner,
    repository_owner_id: FORGEJO.ownerId,
    run_attempt: '1',
    run_id: FORGEJO.runId,
    run_number: '7',
    sha: FORGEJO.commit,
    workflow: 'deploy.yml',
    workflow_ref: `${FORGEJO.owner}/${FORGEJO.repository}/.forgejo/workflows/deploy.yml@${FORGEJO.ref}`,
    sub: `repo:${name(form)}:ref:${FORGEJO.ref}`,
  }),
  rule: (form) => `repo:${name(form)}:*`,
};
