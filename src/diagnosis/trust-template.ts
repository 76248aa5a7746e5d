// The identity propagation trust that accepts a job, to paste. A test compares it with docs/setup.md.
import type { Snippet } from '../errors/action-error.ts';
import { attributes, block } from './hcl.ts';

export interface TrustedJob {
  /** Origin of the identity domain. */
  domain: string;
  /** Undefined when an instance or a pod signs the exchange: the trust then names no client. */
  clientId: string | undefined;
  issuer: string;
  /** Where the issuer publishes its keys; undefined if OCI cannot read them there: then the trust has a certificate. */
  keysUrl: string | undefined;
  /** Several audiences are separated by commas. */
  audience: string;
  /** What a rule compares with `sub`. */
  subject: string;
  /** Name of a new trust. Default: `github-actions`. */
  trustName?: string;
  /** For a trust that makes the job a resource; undefined for one that makes it a service user. */
  resourceType: string | undefined;
}

/** The rule names the user; the token does not. */
const USER_ID = '<SCIM id of the service user>';
const CERTIFICATE = "<X.509 certificate with the issuer's public key>";
const USER_OCID = '<OCID of the service user>';
const TRUST_ID = '<id of the trust>';
const SCHEMA = 'urn:ietf:params:scim:schemas:oracle:idcs:IdentityPropagationTrust';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const COMMAND = 'oci identity-domains identity-propagation-trust';

/** The whole trust as JSON, for the OCI CLI and in Terraform. */
export function trustSnippets(job: TrustedJob): Snippet[] {
  const json = JSON.stringify(trustFor(job), undefined, 2);
  const create = `${COMMAND} create --endpoint ${inShell(job.domain)} --from-json file://trust.json`;
  // A here-document with a quoted delimiter: the shell expands nothing in it.
  const command = ["cat > trust.json <<'JSON'", json, 'JSON', create].join('\n');
  return [
    snippet('The whole trust as JSON (SCIM), to compare', 'json', json, job.resourceType === undefined),
    snippet('The whole trust with the OCI CLI, if the domain has none for this issuer', 'sh', command),
    snippet('The whole trust in Terraform', 'hcl', inTerraform(job)),
  ];
}

/** The rule for a trust that exists, and the command that adds it. */
export function ruleSnippets(job: TrustedJob): Snippet[] {
  return [
    snippet('The rule for the subject of this job', 'text', ruleFor(job.subject), false),
    snippet('Add the rule to the trust with the OCI CLI', 'sh', addingRule(job)),
  ];
}

function snippet(title: string, language: Snippet['language'], text: string, isFolded = true): Snippet {
  return { title, language, text, isFolded };
}

/** The whole subject, without quotes. */
export const ruleFor = (subject: string) => `sub eq ${subject}`;

/** Body of `POST /admin/v1/IdentityPropagationTrusts`. @param userId of the service user; a placeholder by default */
export function trustFor(job: TrustedJob, userId = USER_ID) {
  const { resourceType, trustName = 'github-actions' } = job;
  // A trust serves either users or resources. For resources it has no rules: every job must meet all validations.
  const principal =
    resourceType === undefined
      ? { impersonationServiceUsers: [{ rule: ruleFor(job.subject), value: userId }] }
      : { impersonatingResource: resourceType, claimValidations: [{ name: 'sub', value: job.subject }] };
  return {
    schemas: [SCHEMA],
    name: trustName,
    type: 'JWT',
    active: true,
    issuer: job.issuer,
    ...(job.keysUrl === undefined ? { publicCertificate: CERTIFICATE } : { publicKeyEndpoint: job.keysUrl }),
    clientClaimName: 'aud',
    clientClaimValues: job.audience.split(','), // a list in the token
    ...(job.clientId !== undefined && { oauthClients: [job.clientId] }),
    subjectType: resourceType === undefined ? 'User' : 'Resource',
    subjectClaimName: 'sub',
    allowImpersonation: true,
    ...principal,
  };
}

/** A PATCH replaces the whole list of rules, so the existing ones are read first and sent again. */
function addingRule(job: TrustedJob): string {
  return [
    `TRUST_ID=${inShell(TRUST_ID)} USER_ID=${inShell(USER_ID)}`,
    `ENDPOINT=${inShell(job.domain)}`,
    `RULE=${inShell(ruleFor(job.subject))}`,
    '',
    '# A patch replaces the whole list, so this sends all rules again.',
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
function inTerraform(job: TrustedJob): string {
  const { impersonationServiceUsers = [], claimValidations = [], ...plain } = trustFor(job);
  return [
    `resource "oci_identity_domains_identity_propagation_trust" "${plain.name.replace(/-.*/, '')}" {`,
    ...attributes({ idcsEndpoint: job.domain, ...plain, attributeSets: ['all'] }, '  '),
    ...impersonationServiceUsers.flatMap((user) =>
      block('impersonation_service_users', { ...user, ocid: USER_OCID }),
    ),
    ...claimValidations.flatMap((validation) => block('claim_validations', validation)),
    '}',
  ].join('\n');
}

/** As one argument of a POSIX shell. */
export const inShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
