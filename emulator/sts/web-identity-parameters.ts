// Reads the form of AssumeRoleWithWebIdentity within the limits of the service's model.
// Source: STS API Reference. Must not know tokens or roles.

import type { World } from '../server/world.ts';
import { type RoleName, readRoleArn } from './aws-accounts.ts';
import type { StsError } from './responses.ts';

export interface AssumeRoleParameters {
  roleArn: string;
  role: RoleName;
  sessionName: string;
  token: string;
  durationSeconds: number;
}

export type ParametersResult =
  | { ok: true; parameters: AssumeRoleParameters }
  | { ok: false; error: StsError };

interface Limit {
  name: string;
  required?: true;
  shortest: number;
  longest: number;
  pattern?: string;
  /** Its value is never repeated. */
  secret?: true;
}

const LIMITS: readonly Limit[] = [
  { name: 'RoleArn', required: true, shortest: 20, longest: 2048 },
  { name: 'RoleSessionName', required: true, shortest: 2, longest: 64, pattern: '[\\w+=,.@-]*' },
  { name: 'WebIdentityToken', required: true, shortest: 4, longest: 20_000, secret: true },
  { name: 'ProviderId', shortest: 4, longest: 2048 },
  { name: 'Policy', shortest: 1, longest: 2048, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
];
const SHORTEST_SESSION = 900;
const LONGEST_SESSION = 43_200;
const MOST_POLICIES = 10;
const LONGEST_POLICIES = 2048;
const POLICY_ARN = /^PolicyArns\.member\.\d+\.arn$/;

export function readParameters(form: URLSearchParams, world: World): ParametersResult {
  const policies = [...form].filter(([name]) => POLICY_ARN.test(name)).map(([, arn]) => arn);
  const duration = form.get('DurationSeconds') || '3600';
  const broken = [
    ...LIMITS.map((limit) => limitFault(limit, form.get(limit.name) ?? undefined)),
    durationFault(duration),
    policies.length > MOST_POLICIES
      ? constraint('policyArns', `length less than or equal to ${MOST_POLICIES}`)
      : undefined,
  ].filter((text) => text !== undefined);
  if (broken.length > 0) {
    const count = broken.length === 1 ? '1 validation error' : `${broken.length} validation errors`;
    const names = [...broken.join().matchAll(/ at '(\w+)' failed/g)].map(([, name]) => name);
    return no('ValidationError', `${count} detected: ${broken.join('; ')}`, names.join());
  }
  const roleArn = form.get('RoleArn') ?? '';
  const role = readRoleArn(roleArn);
  if (!role) {
    return no('ValidationError', 'Request ARN is invalid', 'roleArn');
  }
  if (form.has('ProviderId')) {
    // Only amazon.com and facebook.com take it; the wording is ours.
    return no('ValidationError', 'ProviderId is not to be given for an OpenID Connect token.', 'providerId');
  }
  const fault = policyFault(form.get('Policy') ?? undefined, policies, world);
  const sessionName = form.get('RoleSessionName') ?? '';
  const token = form.get('WebIdentityToken') ?? '';
  return (
    fault ?? {
      ok: true,
      parameters: { roleArn, role, sessionName, token, durationSeconds: Number(duration) },
    }
  );
}

function limitFault(limit: Limit, value: string | undefined): string | undefined {
  const { name, required, shortest, longest, pattern, secret } = limit;
  const at = name.charAt(0).toLowerCase() + name.slice(1);
  const shown = secret ? undefined : value;
  if (value === undefined) {
    return required && `Value null at '${at}' failed to satisfy constraint: Member must not be null`;
  }
  if (value.length < shortest) {
    return constraint(at, `length greater than or equal to ${shortest}`, shown);
  }
  if (value.length > longest) {
    return constraint(at, `length less than or equal to ${longest}`, shown);
  }
  return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value)
    ? undefined
    : `Value '${value}' at '${at}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;
}

function durationFault(text: string): string | undefined {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  // A number that cannot be read, which is NaN, counts as too small.
  if (!(seconds >= SHORTEST_SESSION)) {
    return constraint('durationSeconds', `value greater than or equal to ${SHORTEST_SESSION}`, text);
  }
  return seconds <= LONGEST_SESSION
    ? undefined
    : constraint('durationSeconds', `value less than or equal to ${LONGEST_SESSION}`, text);
}

function constraint(at: string, rule: string, value?: string): string {
  const shown = value === undefined ? 'Value' : `Value '${value}'`;
  return `${shown} at '${at}' failed to satisfy constraint: Member must have ${rule}`;
}

function policyFault(
  policy: string | undefined,
  arns: readonly string[],
  world: World,
): ParametersResult | undefined {
  const foreign = arns.find((arn) => !/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[!-~]+$/.test(arn));
  if (foreign !== undefined) {
    return no('ValidationError', `ARN ${foreign} is not valid.`, 'policyArns');
  }
  if (policy !== undefined && !isPolicy(policy)) {
    return no('MalformedPolicyDocument', 'This policy contains invalid Json', 'policy');
  }
  const length = [policy ?? '', ...arns].join('').length;
  const any = policy !== undefined || arns.length > 0;
  if (length <= LONGEST_POLICIES && !(any && world.settings.packedPolicyTooLarge)) {
    return undefined;
  }
  const percentage = Math.max(Math.ceil((length * 100) / LONGEST_POLICIES), 112);
  const text = `Packed policy consumes ${percentage}% of allotted space, please use smaller policy.`;
  return no('PackedPolicyTooLarge', text, 'policy');
}

/** As far as the shape goes; what it permits is judged nowhere here. */
function isPolicy(text: string): boolean {
  try {
    const policy: unknown = JSON.parse(text);
    const statement = new Map(Object.entries(Object(policy))).get('Statement');
    const statements: unknown[] = Array.isArray(statement) ? statement : [statement];
    return statements.every((one) => ['Allow', 'Deny'].includes(String(Object(one).Effect)));
  } catch {
    return false;
  }
}

function no(code: string, message: string, reason: string): ParametersResult {
  return { ok: false, error: { status: 400, code, message, reason } };
}
