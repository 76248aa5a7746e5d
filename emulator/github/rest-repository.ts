// A repository, the form of its OIDC subjects, and its environments.
// Source: GitHub docs, "REST API endpoints for repositories", "… for GitHub Actions OIDC", "… for deployment environments".
import { type EmulatorRequest, type EmulatorResponse, json, noContent } from '../server/message.ts';
import { addEnvironment, type Environment, fullNameOf, subjectPrefix } from './repositories.ts';
import type { RestCall, Route } from './rest.ts';
import { refuse } from './rest-responses.ts';

const SUBJECT = 'actions/oidc/customization/sub';
const POLICIES = 'environments/:environment/deployment-branch-policies';

export const REPOSITORY_ROUTES: readonly Route[] = [
  { method: 'GET', path: '', permission: 'metadata=read', handle: getRepository },
  { method: 'GET', path: SUBJECT, permission: 'actions=read', handle: getSubject },
  { method: 'PUT', path: SUBJECT, permission: 'actions=write', handle: putSubject },
  { method: 'GET', path: 'environments', permission: 'actions=read', handle: listEnvironments },
  { method: 'GET', path: 'environments/:environment', permission: 'actions=read', handle: getEnvironment },
  {
    method: 'PUT',
    path: 'environments/:environment',
    permission: 'administration=write',
    handle: putEnvironment,
  },
  {
    method: 'DELETE',
    path: 'environments/:environment',
    permission: 'administration=write',
    handle: deleteEnvironment,
  },
  { method: 'GET', path: POLICIES, permission: 'actions=read', handle: listBranches },
  { method: 'POST', path: POLICIES, permission: 'administration=write', handle: addBranch },
];

/** @throws {RefusedRequest} when the body is not a JSON object; an empty one counts as `{}` */
export function bodyOf({ body }: EmulatorRequest): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.length === 0 ? '{}' : body.toString('utf8'));
    if (value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return { ...value };
  } catch {
    // Refused below.
  }
  throw refuse('notJson');
}

export function environmentOf({ repository, values, world }: RestCall): Environment {
  if (!hasEnvironments(repository.isPrivate, world)) throw refuse('notFound', 'plan without environments');
  const environment = repository.environments.get((values['environment'] ?? '').toLowerCase());
  if (!environment) throw refuse('notFound', 'no such environment');
  return environment;
}

function hasEnvironments(isPrivate: boolean, { settings }: RestCall['world']): boolean {
  return !isPrivate || settings.githubPlan !== 'free';
}

function getRepository({ repository }: RestCall): EmulatorResponse {
  const { id, name, owner, ownerId, isPrivate, defaultBranch } = repository;
  return json(200, {
    id,
    name,
    full_name: fullNameOf(repository),
    private: isPrivate,
    visibility: isPrivate ? 'private' : 'public',
    owner: { login: owner, id: ownerId, type: 'Organization' },
    default_branch: defaultBranch,
    archived: false,
  });
}

function getSubject({ repository, world }: RestCall): EmulatorResponse {
  const { useDefault, includeClaimKeys, useImmutable, shown } = repository.subject;
  return json(200, {
    use_default: useDefault,
    ...(useDefault ? {} : { include_claim_keys: includeClaimKeys }),
    use_immutable_subject: useImmutable ?? world.settings.immutableSubject,
    sub_claim_prefix: subjectPrefix(repository, world),
    ...shown,
  });
}

function putSubject({ request, repository }: RestCall): EmulatorResponse {
  const body = bodyOf(request);
  const {
    use_default: useDefault,
    include_claim_keys: keys = [],
    use_immutable_subject: useImmutable,
  } = body;
  if (typeof useDefault !== 'boolean')
    throw refuse('invalid', 'use_default', { reason: '"use_default" wasn\'t supplied.' });
  if (!Array.isArray(keys) || (!useDefault && keys.length === 0)) {
    throw refuse('invalid', 'include_claim_keys', { reason: '"include_claim_keys" is required.' });
  }
  repository.subject.useDefault = useDefault;
  repository.subject.includeClaimKeys = keys.map(String);
  if (typeof useImmutable === 'boolean') repository.subject.useImmutable = useImmutable;
  return json(201, {});
}

function listEnvironments({ repository }: RestCall): EmulatorResponse {
  const environments = [...repository.environments.values()].map(shownEnvironment);
  return json(200, { total_count: environments.length, environments });
}

function getEnvironment(call: RestCall): EmulatorResponse {
  return json(200, shownEnvironment(environmentOf(call)));
}

/** Creates it, or changes it. Whether a change resets what the body omits is a setting. */
function putEnvironment({ request, repository, values, world }: RestCall): EmulatorResponse {
  if (!hasEnvironments(repository.isPrivate, world)) throw refuse('notFound', 'plan without environments');
  const body = bodyOf(request);
  const { wait_timer: waitTimer, reviewers, deployment_branch_policy: branchPolicy } = body;
  const isGated = ['wait_timer', 'reviewers', 'prevent_self_review'].some((name) => body[name] !== undefined);
  const isPaid = world.settings.githubPlan === 'enterprise' || !repository.isPrivate;
  if (isGated && !isPaid) throw refuse('planWithoutRules');
  const name = values['environment'] ?? '';
  const existing = repository.environments.get(name.toLowerCase());
  const kept = world.settings.environmentPutResets ? undefined : existing;
  const environment = existing ?? addEnvironment(repository, name);
  const given = Array.isArray(reviewers) ? reviewers.map((one) => Number(Object(one).id)) : undefined;
  Object.assign(environment, {
    waitTimer: waitTimer ?? kept?.waitTimer ?? 0,
    reviewers: given ?? kept?.reviewers ?? [],
    branchPolicy: branchPolicy === undefined ? (kept?.branchPolicy ?? null) : readBranchPolicy(branchPolicy),
  });
  return json(200, shownEnvironment(environment));
}

function readBranchPolicy(value: unknown): Environment['branchPolicy'] {
  if (value === null) return null;
  const { protected_branches, custom_branch_policies } = Object(value) as Record<string, unknown>;
  if (typeof protected_branches !== 'boolean' || typeof custom_branch_policies !== 'boolean') {
    throw refuse('invalid', 'deployment_branch_policy', { reason: 'Both members must be booleans.' });
  }
  if (protected_branches === custom_branch_policies) throw refuse('equalPolicies');
  return { protected_branches, custom_branch_policies };
}

function deleteEnvironment(call: RestCall): EmulatorResponse {
  call.repository.environments.delete(environmentOf(call).name.toLowerCase());
  return noContent(204);
}

function listBranches(call: RestCall): EmulatorResponse {
  const { branches } = environmentOf(call);
  return json(200, { total_count: branches.length, branch_policies: branches.map(shownBranch) });
}

function addBranch(call: RestCall): EmulatorResponse {
  const environment = environmentOf(call);
  if (!environment.branchPolicy?.custom_branch_policies) throw refuse('noCustomPolicies');
  const { name } = bodyOf(call.request);
  if (typeof name !== 'string' || name === '')
    throw refuse('invalid', 'name', { reason: '"name" wasn\'t supplied.' });
  if (!environment.branches.includes(name)) environment.branches.push(name);
  return json(200, shownBranch(name, environment.branches.indexOf(name)));
}

function shownBranch(name: string, at: number) {
  return { id: 100 + at, name, type: 'branch' };
}

function shownEnvironment({ name, branchPolicy, reviewers, waitTimer }: Environment) {
  const users = reviewers.map((id) => ({ type: 'User', reviewer: { id } }));
  const rules = [
    ...(waitTimer > 0 ? [{ id: 1, type: 'wait_timer', wait_timer: waitTimer }] : []),
    ...(users.length > 0 ? [{ id: 2, type: 'required_reviewers', reviewers: users }] : []),
    ...(branchPolicy === null ? [] : [{ id: 3, type: 'branch_policy' }]),
  ];
  return { name, protection_rules: rules, deployment_branch_policy: branchPolicy };
}
