// Plans the confidential application, its secret and the variable with its client ID. Pure functions.
import type { App } from '../domain/objects.ts';
import { withRemedy } from '../failure.ts';
import { createApp, setAppActive } from './apply-app.ts';
import { markFor, TAG } from './names.ts';
import type { Step } from './part.ts';
import { SECRET, VARIABLES } from './plan-github.ts';
import { planStoredSecret, type StoredClient } from './plan-secret.ts';
import { type Selection, targetOf } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { keep, refuse, warn } from './steps.ts';

/** Documented limit of a Free domain. Whether it counts confidential applications is not known. */
const FREE_APPS = 2;

export function planApp(snapshot: Snapshot, selection: Selection): Step[] {
  const { app, repository } = snapshot;
  const object = { system: 'domain', object: 'app', name: selection.names.app } as const;
  const mark = markFor(repository.id, targetOf(selection));
  if (app === undefined)
    return [
      ...planCapacity(snapshot, selection.names.app),
      {
        action: { ...object, op: 'create', text: 'client credentials, no role' },
        apply: (run) => createApp(run, mark).catch(withLimitAdvice('--app')),
      },
      ...planSecret(snapshot, selection),
    ];
  const { isOurs, isTrusted } = storedClient(snapshot, selection);
  // An interrupted run may have created it without activating it.
  const fault = clientFault(app, '--app', selection.activate || (isOurs && !isTrusted));
  if (fault !== undefined) return [refuse(object, fault)];
  const roles = (app.grantedAppRoles ?? []).filter(({ adminRole }) => adminRole === true);
  const role = roles.length === 0 ? 'no role' : `${roles.length} administrator roles`;
  const activation: Step = {
    action: { ...object, op: 'change', text: 'is activated' },
    apply: (run) => setAppActive(run, app.id, true),
  };
  return [
    app.active === true ? keep(object, `active, ${role}`) : activation,
    ...(roles.length > 0
      ? [warn(object, 'has an administrator role: whoever has its secret administers the domain')]
      : []),
    ...planSecret(snapshot, selection),
  ];
}

/** Why an application that exists cannot be used. @param option that chooses another one */
export function clientFault(app: App, option: string, mayActivate: boolean): string | undefined {
  const other = `choose another with \`${option}\``;
  if (app.isOAuthClient !== true || app.clientType !== 'confidential')
    return `is not a confidential application; ${other}`;
  if (app.allowedGrants?.includes('client_credentials') !== true)
    return `does not have the grant client_credentials; ${other}`;
  if (app.active !== true && !mayActivate) return 'is inactive; activate it with `--activate`';
  return undefined;
}

/** It is unknown what a domain responds at its limit. So the remedy mentions the limit for every 400 and 409. */
export const withLimitAdvice = (option: string) =>
  withRemedy(
    [400, 409],
    `A Free domain has two applications at most: delete one, use one with \`${option}\`, or upgrade the domain.`,
  );

/** Only warns: the domain decides. @param planned how many applications this set-up creates before this one */
export function planCapacity(
  { domain, ownApps }: Pick<Snapshot, 'domain' | 'ownApps'>,
  name: string,
  planned = 0,
): Step[] {
  const there = ownApps.length + planned;
  if (domain?.licenseType !== 'free' || there < FREE_APPS) return [];
  const object = { system: 'domain', object: 'app', name } as const;
  const others = ownApps.slice(0, 5).join(', ');
  return [
    warn(
      object,
      `a Free domain allows ${FREE_APPS} applications and has ${there} (${others}): it may refuse another one`,
    ),
  ];
}

const planSecret = (snapshot: Snapshot, selection: Selection): Step[] =>
  planStoredSecret(storedClient(snapshot, selection), selection);

export function storedClient(snapshot: Snapshot, selection: Selection): StoredClient {
  const { app, secrets, variables, trust, repository } = snapshot;
  const { names, rotateSecret } = selection;
  const mark = markFor(repository.id, targetOf(selection));
  return {
    app,
    name: names.app,
    appOption: '--app',
    slot: { secret: SECRET, variable: VARIABLES.clientId, rotateOption: '--rotate-secret' },
    secrets,
    variables,
    isOurs: app?.tags?.some(({ key, value }) => key === TAG && value === mark) === true,
    isTrusted: trust !== undefined && trust.oauthClients?.includes(app?.name ?? '') !== false,
    wantsNewSecret: rotateSecret,
  };
}
