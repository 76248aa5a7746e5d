// Roles: their trust policies without an ETag, tags, and the names of attached policies.
// Source: IAM API Reference, "CreateRole" and its neighbours; IAM User Guide, "Quotas".
import type { XmlMembers } from '../server/aws-xml.ts';
import { type AwsRole, listOf, type TrustPolicy } from '../server/settings.ts';
import type { World } from '../server/world.ts';
import { iamProvidersOf, parseRoleArn, providerArn, rolesOf } from '../sts/iam.ts';
import { roleId } from '../sts/role-session.ts';
import { type Action, type ActionCall, required, shownTags, tagsOf } from './parameters.ts';
import { refuse } from './responses.ts';

const NAME = /^[\w+=,.@-]{1,64}$/;
const PATH = /^\/(?:[!-~]+\/)?$/;
/** Characters without white space. */
const MAX_TRUST_POLICY = 2048;
const [MIN_DURATION, MAX_DURATION] = [3600, 43_200];

export const ROLE_ACTIONS = {
  CreateRole: create,
  GetRole: (call) => ({ Role: shown(find(call), 'detailed') }),
  ListRoles: list,
  UpdateAssumeRolePolicy: updateTrustPolicy,
  TagRole: (call) => store(call.world, { ...find(call), tags: { ...find(call).tags, ...tagsOf(call.form) } }),
  ListAttachedRolePolicies: listAttached,
  DeleteRole: remove,
} satisfies Record<string, Action>;

function nameOf({ arn }: AwsRole): string {
  return parseRoleArn(arn)?.name ?? '';
}

function ownRoles({ world, account }: ActionCall): AwsRole[] {
  return rolesOf(world).filter(({ arn }) => parseRoleArn(arn)?.account === account);
}

/** Names are unique whatever their case. */
function find(call: ActionCall): AwsRole {
  const name = required(call.form, 'RoleName', NAME);
  const found = ownRoles(call).find((role) => nameOf(role) === name);
  if (!found) throw refuse('noRole', name, { name });
  return found;
}

function store(world: World, changed: AwsRole): undefined {
  const roles = rolesOf(world);
  const at = roles.findIndex(({ arn }) => arn === changed.arn);
  world.settings.roles = at < 0 ? [...roles, changed] : roles.with(at, changed);
}

function create(call: ActionCall): XmlMembers {
  const { form, world, account } = call;
  const name = required(form, 'RoleName', NAME);
  const path = form.get('Path') ?? '/';
  if (!PATH.test(path)) throw refuse('invalid', 'Path', { parameter: 'path', value: path });
  const duration = Number(form.get('MaxSessionDuration') ?? MIN_DURATION);
  if (!(duration >= MIN_DURATION && duration <= MAX_DURATION)) {
    throw refuse('invalid', 'duration', { parameter: 'maxSessionDuration', value: duration });
  }
  if (ownRoles(call).some((role) => nameOf(role).toLowerCase() === name.toLowerCase())) {
    throw refuse('roleExists', name, { name });
  }
  const role: AwsRole = {
    arn: `arn:aws:iam::${account}:role${path}${name}`,
    maxSessionDuration: duration,
    trustPolicy: readTrustPolicy(form.get('AssumeRolePolicyDocument'), call),
    description: form.get('Description') ?? '',
    tags: tagsOf(form),
    created: world.now(),
  };
  store(world, role);
  return { Role: shown(role, 'detailed') };
}

/** Pages of `MaxItems`, 100 by default. Tags are in GetRole only. */
function list(call: ActionCall): XmlMembers {
  const roles = ownRoles(call).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const start = Number(call.form.get('Marker') ?? 0);
  const end = start + Number(call.form.get('MaxItems') ?? 100);
  return {
    Roles: { member: roles.slice(start, end).map((role) => shown(role, 'listed')) },
    IsTruncated: end < roles.length,
    ...(end < roles.length ? { Marker: end } : {}),
  };
}

function updateTrustPolicy(call: ActionCall): undefined {
  const role = find(call);
  const trustPolicy = readTrustPolicy(call.form.get('PolicyDocument'), call);
  store(call.world, { ...role, trustPolicy });
}

function listAttached(call: ActionCall): XmlMembers {
  const { attachedPolicies = [] } = find(call);
  const member = attachedPolicies.map((arn) => ({ PolicyArn: arn, PolicyName: arn.split('/').at(-1) ?? '' }));
  return { AttachedPolicies: { member }, IsTruncated: false };
}

function remove(call: ActionCall): undefined {
  const { arn, attachedPolicies = [] } = find(call);
  if (attachedPolicies.length > 0) throw refuse('deleteConflict');
  call.world.settings.roles = rolesOf(call.world).filter((role) => role.arn !== arn);
}

/** The document is URL-encoded (RFC 3986). */
function shown(role: AwsRole, form: 'listed' | 'detailed'): XmlMembers {
  const { arn, maxSessionDuration, trustPolicy, description, tags, created = 0 } = role;
  const { account = '', name = '' } = parseRoleArn(arn) ?? {};
  return {
    Path: arn.replace(/^[^/]*/, '').slice(0, -name.length),
    RoleName: name,
    RoleId: roleId({ account, name }),
    Arn: arn,
    CreateDate: new Date(created).toISOString(),
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trustPolicy)),
    MaxSessionDuration: maxSessionDuration,
    ...(description ? { Description: description } : {}),
    ...(form === 'detailed' && tags ? { Tags: shownTags(tags) } : {}),
  };
}

/** A provider that does not exist is refused; AWS does the same for principals of its own. */
function readTrustPolicy(text: string | null, call: ActionCall): TrustPolicy {
  const policy = parse(text ?? '');
  if ((text ?? '').replaceAll(/\s/g, '').length > MAX_TRUST_POLICY) {
    throw refuse('limit', 'trust policy', { quota: 'ACLSizePerRole', maximum: MAX_TRUST_POLICY });
  }
  const known = iamProvidersOf(call.world).map(({ account, url }) =>
    providerArn({ partition: 'aws', account, name: '' }, url),
  );
  for (const { Principal } of 'Effect' in policy.Statement ? [policy.Statement] : policy.Statement) {
    const unknown = listOf(Principal.Federated ?? []).find(
      (principal) =>
        principal.startsWith(`arn:aws:iam::${call.account}:oidc-provider/`) && !known.includes(principal),
    );
    if (unknown !== undefined)
      throw refuse('invalidPrincipal', 'Federated', { principal: `"Federated":"${unknown}"` });
  }
  return policy;
}

function parse(text: string): TrustPolicy {
  try {
    const policy: unknown = JSON.parse(text);
    const { Statement } = Object(policy) as Partial<TrustPolicy>;
    const statements: unknown[] = Array.isArray(Statement) ? Statement : [Statement];
    const isComplete = (one: unknown) =>
      ['Allow', 'Deny'].includes(Object(one).Effect) && Object(one).Principal;
    if (statements.length > 0 && statements.every(isComplete)) return policy as TrustPolicy;
  } catch {
    // Refused below.
  }
  throw refuse('malformedPolicy');
}
