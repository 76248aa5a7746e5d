// The application whose access tokens AWS accepts, and the resource server that gives them their audience.
import type { App } from '../../domain/objects.ts';
import type { PatchOperation } from '../../domain/scim.ts';
import { CommandError } from '../../failure.ts';
import { clientBody, createClient, setAppActive } from '../apply-app.ts';
import { markFor } from '../names.ts';
import type { Run, Step } from '../part.ts';
import { clientFault, planCapacity, withLimitAdvice } from '../plan-app.ts';
import type { StoredClient } from '../plan-secret.ts';
import { type Selection, targetOf } from '../selection.ts';
import { keep, refuse } from '../steps.ts';
import { AWS_SCOPE, type AwsSelection } from './selection.ts';
import type { AwsSnapshot } from './snapshot.ts';

/** Key of the tag of the application. Its value is the mark. */
export const AWS_TAG = 'oci-wif-aws';

/** Body of `POST /admin/v1/Apps`. @param isResource whether it is the resource server too: an audience exists only once */
export function awsAppBody({ app, audience }: AwsSelection, mark: string, isResource: boolean) {
  const description = 'Access tokens for AWS STS. No app role. Created by oci-wif.';
  const body = clientBody(app, description, { key: AWS_TAG, value: mark });
  return { ...body, ...(isResource && resourceServer(audience)) };
}

function resourceServer(audience: string) {
  return {
    isOAuthResource: true,
    audience,
    scopes: [{ value: AWS_SCOPE, description: 'all', requiresConsent: false }],
  };
}

/** @param client the same application, as GitHub stores it */
export function planAwsApp(
  snapshot: AwsSnapshot,
  selection: Selection,
  wanted: AwsSelection,
  { isOurs, isTrusted }: Pick<StoredClient, 'isOurs' | 'isTrusted'>,
): Step[] {
  const { app, resource, repository } = snapshot;
  // An interrupted run may have created it without activating it.
  const wantsActivation = selection.activate || (isOurs && !isTrusted);
  const object = { system: 'domain', object: 'app', name: wanted.app } as const;
  const resourceFault = faultOfResource(resource, wanted);
  if (resourceFault !== undefined) return [refuse(object, resourceFault)];
  const scope = scopeOf(resource, wanted);
  if (app === undefined) {
    const audience =
      resource === undefined
        ? `resource server for ${wanted.audience}`
        : `resource server is ${resource.displayName}`;
    return [
      ...planCapacity(snapshot, wanted.app, snapshot.plannedApps),
      {
        action: { ...object, op: 'create', text: `client credentials, scope ${scope}; ${audience}` },
        apply: async (run) => {
          const mark = markFor(repository.id, targetOf(selection));
          const body = awsAppBody(wanted, mark, resource === undefined);
          await createClient(run, wanted.app, body).catch(withLimitAdvice('--aws-app'));
          await allowScope(run, run.made.appId ?? '', scope);
        },
      },
    ];
  }
  const fault = faultOfApp(app, resource, wantsActivation);
  if (fault !== undefined) return [refuse(object, fault)];
  const changes = [
    app.active === true ? '' : 'is activated',
    resource === undefined ? `+ audience ${wanted.audience}, scope ${AWS_SCOPE}` : '',
    hasScope(app, scope) ? '' : `+ allowed scope ${scope}`,
  ].filter((change) => change !== '');
  if (changes.length === 0) return [keep(object, `allowed scope ${scope}`)];
  return [
    {
      action: { ...object, op: 'append', text: changes.join('; '), before: app.allowedScopes },
      apply: async (run) => {
        if (app.active !== true) await setAppActive(run, app.id, true);
        if (resource === undefined) await becomeResource(run, app, wanted);
        if (!hasScope(app, scope)) await allowScope(run, app.id, scope);
      },
    },
  ];
}

function faultOfResource(resource: App | undefined, { audience }: AwsSelection): string | undefined {
  if (resource === undefined || resource.scopes?.some(({ value }) => value === AWS_SCOPE) !== false)
    return undefined;
  return `the application ${resource.displayName} has the audience ${audience}, and no scope ${AWS_SCOPE}; add it there, or choose \`--aws-audience\``;
}

function faultOfApp(app: App, resource: App | undefined, wantsActivation: boolean): string | undefined {
  // Its audience and scopes would be replaced.
  if (resource === undefined && app.isOAuthResource === true)
    return `is a resource server for ${app.audience}; choose another with \`--aws-app\``;
  return clientFault(app, '--aws-app', wantsActivation);
}

function scopeOf(resource: App | undefined, { audience }: AwsSelection): string {
  const scope = resource?.scopes?.find(({ value }) => value === AWS_SCOPE);
  return scope?.fqs ?? `${audience}${AWS_SCOPE}`;
}

const hasScope = ({ allowedScopes = [] }: App, scope: string) =>
  allowedScopes.some(({ fqs }) => fqs === scope);

async function allowScope({ scim, report, untilKnown }: Run, id: string, fqs: string): Promise<void> {
  const add: PatchOperation = { op: 'add', path: 'allowedScopes', value: [{ fqs }] };
  await untilKnown(() => scim.patch('Apps', id, [add]));
  const after = await scim.get('Apps', id, ['allowedScopes']);
  if (after?.allowedScopes === undefined || !hasScope(after, fqs))
    throw new CommandError(
      'SERVICE_REFUSED',
      `The domain accepted the allowed scope ${fqs}, but did not add it.`,
    );
  report(`allowed the scope ${fqs}`);
}

/** Only for an application that is no resource server: this replaces audience and scopes. */
async function becomeResource(
  { scim, report }: Run,
  app: App,
  { audience, app: name }: AwsSelection,
): Promise<void> {
  const operations = Object.entries(resourceServer(audience)).map(
    ([path, value]): PatchOperation => ({ op: 'replace', path, value }),
  );
  await scim.patch('Apps', app.id, operations, app.meta?.version);
  report(`made ${name} the resource server for ${audience}`);
}
