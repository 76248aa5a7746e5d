// The trust in Terraform: with the rules, clients and audiences of others, which a PUT would remove. Pure functions.
import type { Attributes, Value } from '../../src/diagnosis/hcl.ts';
import { block } from '../../src/diagnosis/hcl.ts';
import { CommandError } from '../failure.ts';
import { trustBody } from '../setup/apply-trust.ts';
import { audienceOf } from '../setup/plan-github.ts';
import { ruleFor } from '../setup/trust-rules.ts';
import { blocks, domainImport, ENDPOINT, reference, resource } from './blocks.ts';
import { APP, ocidOf, USER } from './domain-objects.ts';
import type { TerraformInput } from './terraform.ts';

const TRUST = 'oci_identity_domains_identity_propagation_trust.github';

/** @throws CommandError SERVICE_REFUSED when the domain did not return what others have */
export function trustSection(input: TerraformInput): string[] {
  const { snapshot, selection, subject, existing } = input;
  const { trust, user, app } = existing;
  if (trust !== undefined) assertComplete(trust);
  const audience = audienceOf(snapshot, selection);
  const rule = ruleFor(subject);
  const clientId = app?.name ?? '';
  const wanted = {
    ...trustBody({ issuer: selection.issuer, audience, clientId, rule, userId: '' }),
    ...trust,
  };
  const rules = trust?.impersonationServiceUsers ?? [];
  const others = rules.filter((one) => one.value !== user?.id || one.rule !== rule);
  const clients = (trust?.oauthClients ?? []).filter((client) => client !== clientId);
  const audiences = trust?.clientClaimName === undefined ? wanted.clientClaimValues : trust.clientClaimValues;
  const values: Attributes = {
    idcs_endpoint: ENDPOINT,
    schemas: ['urn:ietf:params:scim:schemas:oracle:idcs:IdentityPropagationTrust'],
    name: wanted.name,
    type: wanted.type,
    active: wanted.active === true || selection.activate,
    issuer: wanted.issuer,
    public_key_endpoint: trust?.publicCertificate === undefined ? wanted.publicKeyEndpoint : undefined,
    public_certificate: trust?.publicCertificate,
    client_claim_name: wanted.clientClaimName,
    client_claim_values: union(audiences ?? [], wanted.clientClaimName === 'aud' ? [audience] : []),
    oauth_clients: [...clients, reference(APP, 'name')],
    subject_type: wanted.subjectType,
    subject_claim_name: wanted.subjectClaimName,
    subject_mapping_attribute: trust?.subjectMappingAttribute,
    clock_skew_seconds: trust?.clockSkewSeconds,
    allow_impersonation: wanted.allowImpersonation,
    attribute_sets: ['all'], // otherwise a read returns no rules
  };
  const ours = { rule, value: reference(USER, 'id'), ocid: reference(USER, 'ocid') };
  return [
    ...(trust === undefined
      ? []
      : domainImport(TRUST, snapshot.domainUrl, 'identityPropagationTrusts', trust.id)),
    ...resource(TRUST, values, [
      ...blocks({
        impersonation_service_users: [
          ...others.map((one) => ({ rule: one.rule, value: one.value, ocid: ocidOf(one) })),
          ours,
        ],
      }),
      ...block('lifecycle', { prevent_destroy: true }),
    ]),
  ];
}

const union = (values: readonly string[], more: readonly string[]): Value => [
  ...new Set([...values, ...more]),
];

function assertComplete(trust: NonNullable<TerraformInput['existing']['trust']>): void {
  const unknown = (['impersonationServiceUsers', 'oauthClients'] as const).filter(
    (name) => trust[name] === undefined,
  );
  if (unknown.length === 0) return;
  const message = `The domain did not return ${unknown.join(' and ')} of the trust: a PUT could remove entries of others.`;
  throw new CommandError('SERVICE_REFUSED', message, { remedy: 'Use `setup --apply`, which appends.' });
}
