// AssumeRoleWithWebIdentity: validates the parameters, the token and the role's trust, then issues credentials.
// Source: STS API Reference, with the limits of the service's model.

import type { XmlMembers } from '../server/aws-xml.ts';
import type { EmulatorRequest } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { isTrusted, parseRoleArn, providerArn, type RoleName, rolesOf } from './iam.ts';
import { refuse } from './responses.ts';
import { openRoleSession } from './role-session.ts';
import { verifyWebIdentity, type WebIdentity } from './web-identity-token.ts';

interface Parameters {
  roleArn: string;
  role: RoleName;
  sessionName: string;
  token: string;
  durationSeconds: number;
}

/** @throws {RefusedRequest} */
export async function assumeRole(
  request: EmulatorRequest,
  form: URLSearchParams,
  world: World,
): Promise<XmlMembers> {
  if (request.headers['authorization'] !== undefined) {
    throw refuse('signedRequest', 'the request must not be signed');
  }
  const parameters = readParameters(form, world);
  const { role, sessionName, durationSeconds } = parameters;
  const identity = await verifyWebIdentity(parameters.token, role.account, world);
  checkRole(parameters, identity, world);
  const session = openRoleSession(world, role, sessionName, durationSeconds);
  return {
    SubjectFromWebIdentityToken: identity.subject,
    Audience: identity.audience,
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
    Credentials: {
      SessionToken: session.sessionToken,
      SecretAccessKey: session.secretAccessKey,
      Expiration: new Date(session.expires).toISOString().replace('.000Z', 'Z'),
      AccessKeyId: session.accessKeyId,
    },
    // The documentation says `iss`; published responses have the provider's ARN.
    Provider: providerArn(role, identity.issuer),
  };
}

/** AWS gives the same error for an unknown role and for a role that does not trust the identity. */
function checkRole(
  { roleArn, role, sessionName, durationSeconds }: Parameters,
  identity: WebIdentity,
  world: World,
): void {
  if (identity.roles !== undefined && !identity.roles.includes(roleArn))
    throw refuse('roleNotInToken', 'not among the roles of the token'); // before the trust policy, in any case
  const found = rolesOf(world).find(({ arn }) => arn === roleArn);
  if (!found || !isTrusted(found.trustPolicy, providerArn(role, identity.issuer), identity, sessionName)) {
    throw refuse('accessDenied', found ? 'not allowed by the trust policy' : 'no such role');
  }
  // After the trust policy, so that only trusted identities learn the limit. The order of STS is unknown.
  if (durationSeconds > found.maxSessionDuration) {
    throw refuse('tooLong', 'longer than MaxSessionDuration');
  }
}

interface Limit {
  name: string;
  required?: true;
  min: number;
  max: number;
  pattern?: string;
  /** Its value is not part of the error message. */
  secret?: true;
}

const LIMITS: readonly Limit[] = [
  { name: 'RoleArn', required: true, min: 20, max: 2048 },
  { name: 'RoleSessionName', required: true, min: 2, max: 64, pattern: '[\\w+=,.@-]*' },
  { name: 'WebIdentityToken', required: true, min: 4, max: 20_000, secret: true },
  { name: 'ProviderId', min: 4, max: 2048 },
  { name: 'Policy', min: 1, max: 2048, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
];
const MIN_DURATION_SECONDS = 900;
const MAX_DURATION_SECONDS = 43_200;
const MAX_POLICY_ARNS = 10;
const MAX_POLICIES_LENGTH = 2048;

function readParameters(form: URLSearchParams, world: World): Parameters {
  const policyArns = [...form]
    .filter(([name]) => /^PolicyArns\.member\.\d+\.arn$/.test(name))
    .map(([, arn]) => arn);
  const duration = form.get('DurationSeconds') || '3600';
  const violations = [
    ...LIMITS.map((limit) => limitViolation(limit, form.get(limit.name) ?? undefined)),
    durationViolation(duration),
    policyArns.length > MAX_POLICY_ARNS
      ? violation('policyArns', `length less than or equal to ${MAX_POLICY_ARNS}`)
      : undefined,
  ].filter((text) => text !== undefined);
  if (violations.length > 0) {
    const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
    const names = [...violations.join().matchAll(/ at '(\w+)' failed/g)].map(([, name]) => name);
    throw refuse('violations', names.join(), { count, violations: violations.join('; ') });
  }
  const roleArn = form.get('RoleArn') ?? '';
  const role = parseRoleArn(roleArn);
  if (!role) throw refuse('invalidRoleArn', 'roleArn');
  if (form.has('ProviderId')) {
    // Only for amazon.com and facebook.com.
    throw refuse('providerId', 'providerId');
  }
  checkPolicies(form.get('Policy') ?? undefined, policyArns, world);
  return {
    roleArn,
    role,
    sessionName: form.get('RoleSessionName') ?? '',
    token: form.get('WebIdentityToken') ?? '',
    durationSeconds: Number(duration),
  };
}

function limitViolation(limit: Limit, value: string | undefined): string | undefined {
  const { name, required, min, max, pattern, secret } = limit;
  const at = name.charAt(0).toLowerCase() + name.slice(1);
  const shown = secret ? undefined : value;
  if (value === undefined) {
    return required && `Value null at '${at}' failed to satisfy constraint: Member must not be null`;
  }
  if (value.length < min) return violation(at, `length greater than or equal to ${min}`, shown);
  if (value.length > max) return violation(at, `length less than or equal to ${max}`, shown);
  return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value)
    ? undefined
    : `Value '${value}' at '${at}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;
}

function durationViolation(text: string): string | undefined {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  // Also true for NaN.
  if (!(seconds >= MIN_DURATION_SECONDS)) {
    return violation('durationSeconds', `value greater than or equal to ${MIN_DURATION_SECONDS}`, text);
  }
  return seconds > MAX_DURATION_SECONDS
    ? violation('durationSeconds', `value less than or equal to ${MAX_DURATION_SECONDS}`, text)
    : undefined;
}

function violation(at: string, rule: string, value?: string): string {
  const shown = value === undefined ? 'Value' : `Value '${value}'`;
  return `${shown} at '${at}' failed to satisfy constraint: Member must have ${rule}`;
}

function checkPolicies(policy: string | undefined, arns: readonly string[], world: World): void {
  const invalidArn = arns.find((arn) => !/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[!-~]+$/.test(arn));
  if (invalidArn !== undefined) throw refuse('invalidPolicyArn', 'policyArns', { arn: invalidArn });
  if (policy !== undefined && !isPolicy(policy)) {
    throw refuse('malformedPolicy', 'policy');
  }
  const length = [policy ?? '', ...arns].join('').length;
  const hasPolicy = policy !== undefined || arns.length > 0;
  if (length > MAX_POLICIES_LENGTH || (hasPolicy && world.settings.packedPolicyTooLarge)) {
    const percentage = Math.max(Math.ceil((length * 100) / MAX_POLICIES_LENGTH), 112);
    throw refuse('policyTooLarge', 'policy', { percentage });
  }
}

/** Only the shape is checked: session policies are not evaluated. */
function isPolicy(text: string): boolean {
  try {
    const { Statement }: { Statement?: unknown } = Object(JSON.parse(text));
    const statements: unknown[] = Array.isArray(Statement) ? Statement : [Statement];
    return statements.every((one) => ['Allow', 'Deny'].includes(String(Object(one).Effect)));
  } catch {
    return false;
  }
}
