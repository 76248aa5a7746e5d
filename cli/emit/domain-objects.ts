// Application, user, group and policy in Terraform. Pure functions.
import { Expression, inHcl } from '../../src/diagnosis/hcl.ts';
import { type App, USER_EXTENSION } from '../domain/objects.ts';
import { appBody } from '../setup/apply-app.ts';
import { groupBody, userBody } from '../setup/apply-principal.ts';
import { markFor, TAG } from '../setup/names.ts';
import { missingStatements, statementsFor } from '../setup/plan-policy.ts';
import { targetOf } from '../setup/selection.ts';
import { blocks, domainImport, ENDPOINT, importOf, reference, resource } from './blocks.ts';
import type { TerraformInput } from './terraform.ts';

export const APP = 'oci_identity_domains_app.github';
export const USER = 'oci_identity_domains_user.github';
const GROUP = 'oci_identity_domains_group.github';
const POLICY = 'oci_identity_policy.github';

const markOf = ({ snapshot, selection }: TerraformInput) =>
  markFor(snapshot.repository.id, targetOf(selection));

export function appSection(input: TerraformInput): string[] {
  const { snapshot, selection } = input;
  const { app } = snapshot;
  const wanted = app ?? appBody(selection.names.app, markOf(input));
  return [
    ...(app === undefined ? [] : domainImport(APP, snapshot.domainUrl, 'apps', app.id)),
    ...appResource(APP, wanted, selection.activate),
  ];
}

type AppBody = Partial<App> & { schemas?: string[] };

/** @param app an existing one, or the body of a new one */
export function appResource(address: string, app: AppBody, activates: boolean): string[] {
  const lists = {
    scopes: app.scopes?.map(({ value, description }) => ({ value, description, requires_consent: false })),
    allowed_scopes: app.allowedScopes?.map(({ fqs }) => ({ fqs })),
    tags: app.tags?.map(({ key, value }) => ({ key, value })),
    based_on_template: [{ value: 'CustomWebAppTemplateId', well_known_id: 'CustomWebAppTemplateId' }],
  };
  return resource(
    address,
    {
      idcs_endpoint: ENDPOINT,
      schemas: ['urn:ietf:params:scim:schemas:oracle:idcs:App'],
      display_name: app.displayName,
      description: app.description,
      active: app.active === true || activates,
      is_oauth_resource: app.isOAuthResource,
      audience: app.audience,
      is_oauth_client: app.isOAuthClient,
      client_type: app.clientType,
      allowed_grants: app.allowedGrants,
      trust_scope: app.trustScope,
    },
    blocks(lists),
  );
}

export function userSection(input: TerraformInput): string[] {
  const { snapshot, selection } = input;
  const { user, repository } = snapshot;
  const display = `GitHub ${repository.fullName} ${targetOf(selection)}`;
  const { userName, displayName, name, externalId, tags } = {
    ...userBody(selection.names.user, display, markOf(input)),
    ...user,
  };
  return [
    ...(user === undefined ? [] : domainImport(USER, snapshot.domainUrl, 'users', user.id)),
    ...resource(
      USER,
      {
        idcs_endpoint: ENDPOINT,
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', USER_EXTENSION],
        user_name: userName,
        display_name: displayName,
        external_id: externalId,
      },
      blocks({
        name: [{ given_name: name.givenName, family_name: name.familyName }],
        tags: tags.map(({ key, value }) => ({ key, value })),
        urnietfparamsscimschemasoracleidcsextensionuser_user: [{ service_user: true }],
      }),
    ),
  ];
}

export function groupSection(input: TerraformInput): string[] {
  const { snapshot, selection } = input;
  const { group, user } = snapshot;
  const { displayName, externalId } = {
    ...groupBody(selection.names.group, markOf(input), ''),
    ...group,
  };
  const others = (group?.members ?? []).filter(({ value }) => value !== user?.id);
  return [
    ...(group === undefined ? [] : domainImport(GROUP, snapshot.domainUrl, 'groups', group.id)),
    ...resource(
      GROUP,
      {
        idcs_endpoint: ENDPOINT,
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        display_name: displayName,
        external_id: externalId,
        attribute_sets: ['all'], // otherwise a read returns no members
      },
      blocks({
        members: [
          ...others.map((member) => ({
            type: member.type ?? 'User',
            value: member.value,
            ocid: ocidOf(member),
          })),
          { type: 'User', value: reference(USER, 'id'), ocid: reference(USER, 'ocid') },
        ],
      }),
    ),
  ];
}

export function policySection(input: TerraformInput): string[] {
  const { snapshot, selection } = input;
  const { names, compartment, allow } = selection;
  if (allow.length === 0) return ['# No `--allow`: the group gets no permission from this file.'];
  // Without what is there, the file could replace the statements of others.
  if (snapshot.policies === undefined)
    return ['# IAM was not read: it does not accept the bearer token. Add the policy yourself.'];
  const policy = snapshot.policies.find(({ name }) => name === names.policy);
  const others = policy?.statements ?? [];
  const missing = missingStatements([{ statements: others }], statementsFor(snapshot, selection));
  return [
    ...(policy === undefined ? [] : importOf(POLICY, policy.id)),
    ...resource(
      POLICY,
      {
        compartment_id: compartment,
        name: names.policy,
        description: policy?.description ?? 'GitHub Actions. Created by oci-wif.',
        freeform_tags: new Expression(tagsIn(policy?.freeformTags ?? { [TAG]: markOf(input) })),
        ...(selection.tokenType === 'upst' && { depends_on: [new Expression(GROUP)] }),
      },
      ['', '  statements = [', ...[...others, ...missing].map((one) => `    ${inHcl(one)},`), '  ]'],
    ),
  ];
}

/** A map of strings in one line. */
export function tagsIn(tags: Readonly<Record<string, string>>): string {
  const members = Object.entries(tags).map(([key, value]) => `${inHcl(key)} = ${inHcl(value)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A member or a rule has it when the domain returned it. */
export const ocidOf = (member: object): string | undefined =>
  'ocid' in member && typeof member.ocid === 'string' ? member.ocid : undefined;
