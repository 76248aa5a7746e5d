// The AWS side in Terraform: application, settings, OIDC provider and role. Pure functions.
import { Expression, inHcl } from '../../src/diagnosis/hcl.ts';
import { sidFor, statementFor, withStatement } from '../aws/trust-policy.ts';
import type { App } from '../domain/objects.ts';
import { awsAppBody } from '../setup/aws/app.ts';
import { AWS_SCOPE, AWS_SLOT, type AwsSelection, ROLE_VARIABLE } from '../setup/aws/selection.ts';
import type { AwsSnapshot } from '../setup/aws/snapshot.ts';
import { markFor } from '../setup/names.ts';
import { type Selection, targetOf } from '../setup/selection.ts';
import { domainImport, ENDPOINT, importOf, reference, resource, top } from './blocks.ts';
import { appResource, tagsIn } from './domain-objects.ts';
import { commandsFor, type TerraformPart } from './terraform.ts';

const APP = 'oci_identity_domains_app.aws';
const SETTING = 'oci_identity_domains_setting.domain';
const PROVIDER = 'aws_iam_openid_connect_provider.domain';
const ROLE = 'aws_iam_role.github';

export function awsTerraform(
  snapshot: AwsSnapshot,
  selection: Selection,
  wanted: AwsSelection,
  domainUrl: string,
): TerraformPart {
  const { app } = snapshot;
  const input = { snapshot, selection, wanted, domainUrl };
  return {
    providers: { aws: 'hashicorp/aws' },
    sections: [
      appSection(input),
      settingSection(input),
      providerSection(input),
      roleSection(input),
      [
        ...commandsFor(selection, {
          secret: app === undefined ? [AWS_SLOT.secret, 'aws_client_secret'] : undefined,
          outputs: { [AWS_SLOT.variable]: 'aws_client_id', [ROLE_VARIABLE]: 'aws_role_arn' },
        }),
        ...top('output "aws_client_id"', { value: reference(APP, 'name') }),
      ],
      ...(app === undefined
        ? [top('output "aws_client_secret"', { value: reference(APP, 'client_secret'), sensitive: true })]
        : []),
      top('output "aws_role_arn"', { value: reference(ROLE, 'arn') }),
    ].filter((lines) => lines.length > 0),
  };
}

interface Input {
  snapshot: AwsSnapshot;
  selection: Selection;
  wanted: AwsSelection;
  domainUrl: string;
}

function appSection({ snapshot, selection, wanted, domainUrl }: Input): string[] {
  const { app: existing, resource: server, repository } = snapshot;
  const mark = markFor(repository.id, targetOf(selection));
  const body: Partial<App> = existing ?? awsAppBody(wanted, mark, server === undefined);
  const fqs = `${wanted.audience}${AWS_SCOPE}`;
  const allowed = body.allowedScopes ?? [];
  const allowedScopes = allowed.some((scope) => scope.fqs === fqs) ? allowed : [...allowed, { fqs }];
  return [
    ...(existing === undefined ? [] : domainImport(APP, domainUrl, 'apps', existing.id)),
    ...appResource(APP, { ...body, allowedScopes }, selection.activate),
  ];
}

function settingSection({ snapshot, domainUrl }: Input): string[] {
  const { settings, issuer } = snapshot;
  if (settings.issuer === issuer && settings.signingCertPublicAccess === true) return [];
  return [
    '# For everybody who uses the domain. The plan must change these two attributes and no other.',
    ...domainImport(SETTING, domainUrl, 'settings', 'Settings'),
    ...resource(SETTING, {
      idcs_endpoint: ENDPOINT,
      schemas: ['urn:ietf:params:scim:schemas:oracle:idcs:Settings'],
      setting_id: 'Settings',
      csr_access: typeof settings['csrAccess'] === 'string' ? settings['csrAccess'] : undefined,
      issuer,
      signing_cert_public_access: true,
    }),
  ];
}

function providerSection({ snapshot, wanted }: Input): string[] {
  const { issuer, provider, providerArn, settings } = snapshot;
  const clientIds = [...new Set([...(provider?.clientIds ?? []), wanted.audience])];
  const isReady = settings.issuer === issuer && settings.signingCertPublicAccess === true;
  return [
    ...(provider === undefined ? [] : importOf(PROVIDER, providerArn)),
    ...resource(PROVIDER, {
      url: issuer,
      client_id_list: clientIds,
      tags: new Expression(tagsIn(provider?.tags ?? MANAGED_BY)),
      depends_on: isReady ? undefined : [new Expression(SETTING)],
    }),
  ];
}

const MANAGED_BY = { 'managed-by': 'oci-wif' };

function roleSection({ snapshot, selection, wanted }: Input): string[] {
  const { role, repository, providerArn } = snapshot;
  const target = targetOf(selection);
  const client = { providerArn, audience: wanted.audience, clientId: CLIENT_ID };
  const statement = statementFor(sidFor(repository.id, target), client);
  const policy = withStatement(role?.trustPolicy ?? { Version: '2012-10-17', Statement: [] }, statement);
  const json = inHclObject(policy, '  ').replace(inHcl(CLIENT_ID), reference(APP, 'name').text);
  return [
    ...(role === undefined ? [] : importOf(ROLE, wanted.role)),
    '# Attach the permissions of the jobs yourself.',
    ...resource(
      ROLE,
      {
        name: wanted.role,
        path: role === undefined ? undefined : (/:role(\/(?:.*\/)?)[^/]+$/.exec(role.arn)?.[1] ?? '/'),
        max_session_duration: role?.maxSessionDuration ?? 3600,
        tags: new Expression(tagsIn(role?.tags ?? MANAGED_BY)),
      },
      ['', `  assume_role_policy = jsonencode(${json})`],
    ),
  ];
}

/** Stands for the client ID, which is known when Terraform runs. */
const CLIENT_ID = '<client ID>';

/** A JSON value as an expression, formatted as `terraform fmt` does: each run of members in one line is aligned. */
function inHclObject(value: unknown, indent = '  '): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((one) => `${inner}${inHclObject(one, inner)},`);
    return items.length === 0 ? '[]' : ['[', ...items, `${indent}]`].join('\n');
  }
  if (typeof value !== 'object' || value === null) return inHcl(value as string);
  const members = Object.entries(value).map(
    ([name, member]) => [inHcl(name), inHclObject(member, inner)] as const,
  );
  const lines = members.map(([name, text], index) => {
    const run = runAround(members, index, ([, other]) => !other.includes('\n'));
    const width = Math.max(...run.map(([other]) => other.length));
    return `${inner}${name.padEnd(width)} = ${text}`;
  });
  return members.length === 0 ? '{}' : ['{', ...lines, `${indent}}`].join('\n');
}

/** The neighbours of an item that fit, in one piece with it; without neighbours if it does not fit itself. */
function runAround<T>(items: readonly T[], index: number, fits: (item: T) => boolean): readonly T[] {
  const own = items.slice(index, index + 1);
  if (!own.every(fits)) return own;
  const before = items.slice(0, index).findLastIndex((item) => !fits(item));
  const after = items.slice(index).findIndex((item) => !fits(item));
  return items.slice(before + 1, after < 0 ? undefined : index + after);
}
