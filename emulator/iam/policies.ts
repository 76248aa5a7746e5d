// Policies: list, get, create, update and delete, with ETags and the limits of the tenancy.
// Source: Identity and Access Management Service API, "Policy"; "Service Limits".
import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  noContent,
  parseObject,
  queryOf,
  single,
} from '../server/message.ts';
import { newEtag, type World } from '../server/world.ts';
import { checkCompartment, compartmentParameter, page } from './handler.ts';
import { refuse } from './responses.ts';
import { addPolicy, type StoredPolicy } from './state.ts';
import { checkStatements } from './statements.ts';

const NAME = /^[\w.-]{1,100}$/;

/** @throws {RefusedRequest} */
export function handlePolicies(
  request: EmulatorRequest,
  id: string | undefined,
  world: World,
): EmulatorResponse {
  if (request.method !== 'GET') world.settings.beforePolicyWrite?.(request.method, id);
  const policy = id === undefined ? undefined : world.iam.policies.get(id);
  if (id !== undefined && !policy) throw refuse('notFound', 'no such policy');
  switch (`${request.method} ${policy ? 'policy' : 'policies'}`) {
    case 'GET policies':
      return list(request, world);
    case 'POST policies':
      return createOnce(request, world);
    case 'GET policy':
      return withEtag(read(policy as StoredPolicy));
    case 'PUT policy':
      return update(request, policy as StoredPolicy, world);
    case 'DELETE policy':
      checkEtag(request, policy as StoredPolicy);
      world.iam.policies.delete(id ?? '');
      return noContent(204);
    default:
      throw refuse('method', 'wrong method');
  }
}

/** Of one compartment only. Items have no ETag. */
function list(request: EmulatorRequest, world: World): EmulatorResponse {
  const compartmentId = compartmentParameter(request, world);
  const name = queryOf(request).get('name');
  const found = [...world.iam.policies.values()].filter(
    (one) => one.compartmentId === compartmentId && (name === null || one.name === name),
  );
  return page(request, found.map(shown), world);
}

/** A repetition with the same `opc-retry-token` returns the policy of the first request. */
function createOnce(request: EmulatorRequest, world: World): EmulatorResponse {
  const body = bodyOf(request);
  const { policies, retryTokens } = world.iam;
  const token = single(request, 'opc-retry-token');
  const made = token === undefined ? undefined : policies.get(retryTokens.get(token) ?? '');
  const policy = made ?? create(body, world);
  if (token !== undefined) retryTokens.set(token, policy.id);
  return withEtag(read(policy));
}

function create(body: Readonly<Record<string, unknown>>, world: World): StoredPolicy {
  for (const parameter of ['compartmentId', 'name', 'description', 'statements']) {
    if (!body[parameter]) throw refuse('missing', parameter, { parameter });
  }
  const name = String(body['name']);
  if (!NAME.test(name)) throw refuse('invalid', 'name', { parameter: 'name' });
  const compartmentId = checkCompartment(String(body['compartmentId']), world);
  const policies = [...world.iam.policies.values()];
  // Unique in the whole tenancy, whatever the case.
  if (policies.some((one) => one.name.toLowerCase() === name.toLowerCase())) {
    throw refuse('policyExists', name, { name });
  }
  if (policies.length >= world.settings.policyLimits.policies) tooMany('policies-count');
  const statements = readStatements(body['statements'], compartmentId, world);
  return addPolicy(world, {
    compartmentId,
    name,
    description: String(body['description']),
    statements,
    freeformTags: Object(body['freeformTags'] ?? {}),
    creatingResponses: world.settings.policyCreatingResponses,
  });
}

/** Replaces the statements; what the body omits stays. */
function update(request: EmulatorRequest, policy: StoredPolicy, world: World): EmulatorResponse {
  const body = bodyOf(request);
  checkEtag(request, policy);
  if (body['statements'] !== undefined) {
    policy.statements = readStatements(body['statements'], policy.compartmentId, world, policy);
  }
  if (body['description'] !== undefined) policy.description = String(body['description']);
  if (body['freeformTags'] !== undefined) policy.freeformTags = Object(body['freeformTags']);
  policy.etag = newEtag();
  return withEtag(read(policy));
}

function checkEtag(request: EmulatorRequest, policy: StoredPolicy): void {
  const wanted = single(request, 'if-match');
  if (wanted !== undefined && wanted !== policy.etag) throw refuse('etag', 'if-match');
}

function readStatements(
  value: unknown,
  compartmentId: string,
  world: World,
  replaced?: StoredPolicy,
): string[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every((one) => typeof one === 'string')) {
    throw refuse('invalid', 'statements', { parameter: 'statements' });
  }
  const { statementsOfOne, statementsOfAll } = world.settings.policyLimits;
  const others = [...world.iam.policies.values()].filter((one) => one !== replaced);
  const all = others.reduce((sum, { statements }) => sum + statements.length, value.length);
  if (value.length > statementsOfOne) tooMany('statements-count of a policy');
  if (all > statementsOfAll) tooMany('statements-count');
  checkStatements(value, compartmentId, world);
  return value;
}

function tooMany(limit: string): never {
  throw refuse('tooMany', limit, { limit });
}

function bodyOf(request: EmulatorRequest): Readonly<Record<string, unknown>> {
  if (!/^application\/json(\s*;|$)/i.test(single(request, 'content-type') ?? '')) throw refuse('mediaType');
  const body = parseObject(request.body);
  if (body === undefined) throw refuse('body');
  return body;
}

function read(policy: StoredPolicy): StoredPolicy & Record<string, unknown> {
  const lifecycleState = stateOf(policy);
  policy.creatingResponses -= 1;
  return { ...policy, lifecycleState };
}

/** @param policy may override what is shown, such as `lifecycleState` */
function shown({ creatingResponses, etag: _, ...policy }: StoredPolicy) {
  const lifecycleState = stateOf({ creatingResponses });
  return { lifecycleState, versionDate: null, definedTags: {}, ...policy };
}

function stateOf({ creatingResponses }: Pick<StoredPolicy, 'creatingResponses'>): string {
  return creatingResponses > 0 ? 'CREATING' : 'ACTIVE';
}

/** The ETag is a header only. */
function withEtag(policy: StoredPolicy & Record<string, unknown>): EmulatorResponse {
  return json(200, shown(policy), { etag: policy.etag });
}
