// The trust in Terraform: with the rules, clients and audiences of others, which a PUT would remove. Pure functions.
import { type Attributes, block, type Value } from '../../src/diagnosis/hcl.ts';
import { ruleFor, trustFor } from '../../src/diagnosis/trust-template.ts';
import type { IdentityPropagationTrust } from '../domain/objects.ts';
import { CommandError } from '../failure.ts';
import { markFor } from '../setup/names.ts';
import { audienceOf } from '../setup/plan-github.ts';
import { resourceTypeOf } from '../setup/plan-resource-trust.ts';
import { keysUrlOf, targetOf } from '../setup/selection.ts';
import { blocks, domainImport, ENDPOINT, reference, resource } from './blocks.ts';
import { APP, ocidOf, USER } from './domain-objects.ts';
import type { TerraformInput } from './terraform.ts';

const RULES = 'impersonationServiceUsers';
const TRUST = 'oci_identity_domains_identity_propagation_trust.github';

/** @throws CommandError SERVICE_REFUSED when the domain did not return what others have */
export function trustSection(input: TerraformInput): string[] {
  const { snapshot, selection } = input;
  const { trust, app } = snapshot;
  const signs = selection.clientAuth !== 'secret';
  if (trust !== undefined) assertComplete(trust, signs ? [] : ['oauthClients']);
  const audience = audienceOf(snapshot, selection);
  const clientId = app?.name ?? '';
  const base = baseOf(input);
  const clients = (trust?.oauthClients ?? []).filter((client) => client !== clientId);
  const audiences = base.clientClaimName === 'aud' ? [audience] : [];
  const values: Attributes = {
    idcs_endpoint: ENDPOINT,
    schemas: ['urn:ietf:params:scim:schemas:oracle:idcs:IdentityPropagationTrust'],
    name: base.name,
    description: base.description,
    type: base.type,
    active: base.active === true || selection.activate,
    issuer: base.issuer,
    public_key_endpoint: base.publicKeyEndpoint,
    public_certificate: base.publicCertificate,
    client_claim_name: base.clientClaimName,
    client_claim_values: base.clientClaimName && distinct(base.clientClaimValues ?? [], audiences),
    oauth_clients: signs ? undefined : [...clients, reference(APP, 'name')],
    subject_type: base.subjectType,
    subject_claim_name: base.subjectClaimName,
    subject_mapping_attribute: base.subjectMappingAttribute,
    clock_skew_seconds: base.clockSkewSeconds,
    allow_impersonation: base.allowImpersonation,
    impersonating_resource: base.impersonatingResource,
    claim_propagations: base.claimPropagations,
    attribute_sets: ['all'], // otherwise a read returns no rules
  };
  return [
    ...(trust === undefined
      ? []
      : domainImport(TRUST, snapshot.domainUrl, 'identityPropagationTrusts', trust.id)),
    ...resource(TRUST, values, [
      ...blocks({
        claim_validations: base.claimValidations,
        impersonation_service_users: selection.tokenType === 'rpst' ? [] : rulesIn(input),
      }),
      ...block('lifecycle', { prevent_destroy: true }),
    ]),
  ];
}

/** Those of others, and ours. */
function rulesIn({ snapshot: { trust, user }, subject }: TerraformInput): Attributes[] {
  const rule = ruleFor(subject);
  const rules = trust?.impersonationServiceUsers ?? [];
  const others = rules.filter((one) => one.value !== user?.id || one.rule !== rule);
  return [
    ...others.map((one) => ({ rule: one.rule, value: one.value, ocid: ocidOf(one) })),
    { rule, value: reference(USER, 'id'), ocid: reference(USER, 'ocid') },
  ];
}

/** Of a trust that exists, nothing is completed: an audience, for example, would refuse the jobs of others. */
function baseOf(input: TerraformInput): Partial<IdentityPropagationTrust> {
  const { snapshot, selection, subject } = input;
  if (snapshot.trust !== undefined) return snapshot.trust;
  const isResource = selection.tokenType === 'rpst';
  const job = {
    domain: snapshot.domainUrl,
    clientId: selection.clientAuth === 'secret' ? (snapshot.app?.name ?? '') : undefined,
    issuer: selection.issuer,
    keysUrl: keysUrlOf(selection.issuer),
    audience: audienceOf(snapshot, selection),
    subject,
    resourceType: isResource ? resourceTypeOf(selection) : undefined,
  };
  const mark = markFor(snapshot.repository.id, targetOf(selection));
  return isResource
    ? { ...trustFor(job), subjectType: 'Resource', description: mark }
    : { ...trustFor(job), subjectType: 'User' };
}

const distinct = (values: readonly string[], more: readonly string[]): Value => [
  ...new Set([...values, ...more]),
];

function assertComplete(
  trust: IdentityPropagationTrust,
  needed: readonly ('oauthClients' | typeof RULES)[],
): void {
  const names = trust.subjectType === 'Resource' ? needed : [RULES, ...needed];
  const unknown = names.filter((name) => trust[name] === undefined);
  if (unknown.length === 0) return;
  const message = `The domain did not return ${unknown.join(' and ')} of the trust: a PUT could remove entries of others.`;
  throw new CommandError('SERVICE_REFUSED', message, { remedy: 'Use `setup --apply`, which appends.' });
}
