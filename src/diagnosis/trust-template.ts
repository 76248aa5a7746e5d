// The identity propagation trust that accepts a job, as JSON, for the OCI CLI and in Terraform. A test compares it with
// docs/setup.md.

export interface TrustedJob {
  /** Origin of the identity domain. */
  domain: string;
  clientId: string;
  issuer: string;
  audience: string;
  subject: string;
  /** For a trust that makes the job a resource; undefined for one that makes it a service user. */
  resourceType: string | undefined;
}

/** The rule names the user; the token does not. */
const USER_ID = '<SCIM id of the service user>';
const USER_OCID = '<OCID of the service user>';
const TRUST_ID = '<id of the trust>';
const SCHEMA = 'urn:ietf:params:scim:schemas:oracle:idcs:IdentityPropagationTrust';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const COMMAND = 'oci identity-domains identity-propagation-trust';

/** The whole subject, without quotes. */
export function ruleFor({ subject }: Pick<TrustedJob, 'subject'>): string {
  return `sub eq ${subject}`;
}

/** Body of `POST /admin/v1/IdentityPropagationTrusts`. */
export function trustFor(job: TrustedJob) {
  return {
    schemas: [SCHEMA],
    name: 'github-actions',
    type: 'JWT',
    active: true,
    issuer: job.issuer,
    publicKeyEndpoint: `${job.issuer}/.well-known/jwks`,
    clientClaimName: 'aud',
    clientClaimValues: [job.audience],
    oauthClients: [job.clientId],
    ...principalOf(job),
  };
}

/** A trust serves either users or resources. For resources it has no rules: every job must meet all validations. */
function principalOf(job: TrustedJob) {
  return job.resourceType === undefined
    ? {
        subjectType: 'User',
        subjectClaimName: 'sub',
        allowImpersonation: true,
        impersonationServiceUsers: [{ rule: ruleFor(job), value: USER_ID }],
      }
    : {
        subjectType: 'Resource',
        subjectClaimName: 'sub',
        allowImpersonation: true,
        impersonatingResource: job.resourceType,
        claimValidations: [{ name: 'sub', value: job.subject }],
      };
}

export function trustAsJson(job: TrustedJob): string {
  return JSON.stringify(trustFor(job), undefined, 2);
}

/** A here-document with a quoted delimiter: the shell expands nothing in it. */
export function trustAsCommand(job: TrustedJob): string {
  return [
    "cat > trust.json <<'JSON'",
    trustAsJson(job),
    'JSON',
    `${COMMAND} create --endpoint ${inShell(job.domain)} --from-json file://trust.json`,
  ].join('\n');
}

/** A PATCH replaces the whole list of rules, so the existing ones are read first and sent again. */
export function ruleAsCommand(job: TrustedJob): string {
  return [
    `TRUST_ID=${inShell(TRUST_ID)} USER_ID=${inShell(USER_ID)}`,
    `ENDPOINT=${inShell(job.domain)}`,
    `RULE=${inShell(ruleFor(job))}`,
    '',
    '# Reads all rules and sends them again with the new one: a patch replaces the whole list.',
    `RULES=$(${COMMAND} get --endpoint "$ENDPOINT" \\`,
    '  --identity-propagation-trust-id "$TRUST_ID" --attributes impersonationServiceUsers |',
    '  jq -ec \'[.data."impersonation-service-users"[] | {rule, value}]\') &&',
    'OPERATIONS=$(jq -enc --argjson rules "$RULES" --arg rule "$RULE" --arg user "$USER_ID" \'[{',
    '  op: "replace", path: "impersonationServiceUsers", value: ($rules + [{ rule: $rule, value: $user }])',
    "}]') &&",
    `${COMMAND} patch --endpoint "$ENDPOINT" --identity-propagation-trust-id "$TRUST_ID" \\`,
    `  --schemas '["${PATCH_SCHEMA}"]' --operations "$OPERATIONS"`,
  ].join('\n');
}

/** The provider names the attributes of the JSON in snake case; a list of objects becomes a block each. */
export function trustAsTerraform(job: TrustedJob): string {
  const { impersonationServiceUsers = [], claimValidations = [], ...plain } = trustFor(job);
  const blocks = [
    ...impersonationServiceUsers.flatMap((user) =>
      block('impersonation_service_users', { ...user, ocid: USER_OCID }),
    ),
    ...claimValidations.flatMap((validation) => block('claim_validations', validation)),
  ];
  return [
    'resource "oci_identity_domains_identity_propagation_trust" "github" {',
    ...attributes({ idcsEndpoint: job.domain, ...plain, attributeSets: ['all'] }, '  '),
    ...blocks,
    '}',
  ].join('\n');
}

function block(name: string, values: Readonly<Record<string, Value>>): string[] {
  return ['', `  ${name} {`, ...attributes(values, '    '), '  }'];
}

type Value = string | boolean | readonly string[];

function attributes(values: Readonly<Record<string, Value>>, indent: string): string[] {
  const rows = Object.entries(values).map(([name, value]) => [toSnakeCase(name), inHcl(value)] as const);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`);
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

/** Strings are as in JSON, except for the two signs that open a template. */
function inHcl(value: Value): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `[${value.map(inHcl).join(', ')}]`;
  return JSON.stringify(value)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', () => '%%{');
}

function inShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
