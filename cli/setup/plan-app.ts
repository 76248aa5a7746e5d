// Plans the confidential application, its secret and the variable with its client ID. Pure functions.
//
// The variable names the application only while the stored secret is that application's: it is written after the secret and
// deleted before a new one is made. So a run that was interrupted leaves no secret that looks valid and is not.
import { activateApp, createApp, publishClientId, replaceSecret, storeSecret } from './apply-app.ts';
import { markFor, TAG } from './names.ts';
import type { Step } from './part.ts';
import { SECRET, VARIABLES } from './plan-github.ts';
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
      ...planCapacity(snapshot, selection),
      {
        action: { ...object, op: 'create', text: 'client credentials, no role' },
        apply: (run) => createApp(run, mark),
      },
      ...planSecret(snapshot, selection),
    ];
  const fault = appFault(snapshot, selection);
  if (fault !== undefined) return [refuse(object, fault)];
  const roles = (app.grantedAppRoles ?? []).filter(({ adminRole }) => adminRole === true);
  const role = roles.length === 0 ? 'no role' : `${roles.length} administrator roles`;
  const activation: Step = {
    action: { ...object, op: 'change', text: 'is activated' },
    apply: (run) => activateApp(run, app.id),
  };
  return [
    app.active === true ? keep(object, `active, ${role}`) : activation,
    ...(roles.length > 0
      ? [warn(object, 'has an administrator role: whoever has its secret administers the domain')]
      : []),
    ...planSecret(snapshot, selection),
  ];
}

function appFault({ app }: Snapshot, { activate }: Selection): string | undefined {
  const other = 'choose another with `--app`';
  if (app?.isOAuthClient !== true || app.clientType !== 'confidential')
    return `is not a confidential application; ${other}`;
  if (app.allowedGrants?.includes('client_credentials') !== true)
    return `does not have the grant client_credentials; ${other}`;
  if (app.active !== true && !activate) return 'is inactive; activate it with `--activate`';
  return undefined;
}

/** Only a warning: the service decides. */
function planCapacity({ domain, ownApps }: Snapshot, { names }: Selection): Step[] {
  if (domain?.licenseType !== 'free' || ownApps.length < FREE_APPS) return [];
  const object = { system: 'domain', object: 'app', name: names.app } as const;
  const others = ownApps.slice(0, 5).join(', ');
  return [warn(object, `a Free domain has ${FREE_APPS} at most, and has ${ownApps.length}: ${others}`)];
}

type SecretState = 'none' | 'valid' | 'unknown' | 'unused' | 'foreign';

/** What is known of the secret that GitHub stores. It cannot be read. */
export function secretState(snapshot: Snapshot, selection: Selection): SecretState {
  const { app, secrets, variables, trust, repository } = snapshot;
  const isStored = secrets?.some(({ name }) => name === SECRET) === true;
  const clientId = variables[VARIABLES.clientId];
  if (clientId !== undefined && clientId !== app?.name) return 'foreign';
  if (app === undefined) return isStored ? 'foreign' : 'none';
  if (isStored && clientId === app.name) return 'valid';
  const mark = markFor(repository.id, targetOf(selection));
  const isOurs = app.tags?.some(({ key, value }) => key === TAG && value === mark) === true;
  const isTrusted = trust !== undefined && trust.oauthClients?.includes(app.name ?? '') !== false;
  return isOurs && !isTrusted ? 'unused' : 'unknown';
}

function planSecret(snapshot: Snapshot, selection: Selection): Step[] {
  const { app, variables } = snapshot;
  const { rotateSecret, environment, names } = selection;
  const object = { system: 'github', object: 'secret', name: SECRET } as const;
  const idVariable = { system: 'github', object: 'variable', name: VARIABLES.clientId } as const;
  const state = secretState(snapshot, selection);
  const clientId = variables[VARIABLES.clientId];
  if (state === 'valid' && !rotateSecret) return [keep(object, 'stored'), keep(idVariable, clientId ?? '')];
  if (!rotateSecret && (state === 'unknown' || state === 'foreign'))
    return [refuse(object, secretAdvice(state, snapshot, names.app))];
  const text = app === undefined ? 'that of the new application' : secretText(state, names.app);
  const isChange = clientId !== undefined;
  return [
    {
      action: { ...object, op: state === 'valid' || state === 'foreign' ? 'change' : 'create', text },
      apply: (run) =>
        app === undefined
          ? storeSecret(run, environment, isChange)
          : replaceSecret(run, environment, app.id, isChange),
    },
    {
      action: {
        ...idVariable,
        op: isChange && clientId !== app?.name ? 'change' : 'create',
        text: app?.name ?? 'client ID of the new application',
        ...(isChange && { before: clientId }),
        ...(app?.name !== undefined && { after: app.name }),
      },
      apply: (run) => publishClientId(run, environment),
    },
  ];
}

function secretText(state: SecretState, app: string): string {
  if (state === 'unused')
    return `a new one of ${app}: the first was not stored, and no trust names the application`;
  return `a new one of ${app}: jobs with the old one are refused at once`;
}

function secretAdvice(state: SecretState, { app, variables, secrets }: Snapshot, name: string): string {
  const clientId = variables[VARIABLES.clientId];
  if (state === 'foreign')
    return clientId === undefined
      ? 'belongs to another application; replace it with `--rotate-secret`'
      : `belongs to the client ${clientId}; choose its application with \`--app\`, or replace it with \`--rotate-secret\``;
  const rotate = `choose another application with \`--app\`, or make a new secret with \`--rotate-secret\`: jobs with the old one of ${name} are then refused at once`;
  if (secrets?.some((one) => one.name === SECRET))
    return `may be of another application: set the variable ${VARIABLES.clientId} to ${app?.name} if it is of ${name}; otherwise ${rotate}`;
  return `is not stored, and that of ${name} cannot be read again; ${rotate}`;
}
