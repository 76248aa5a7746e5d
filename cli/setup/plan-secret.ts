// Plans the secret of an application in GitHub, and the variable with its client ID. Pure functions.
//
// The variable names the application only while the stored secret is that application's: it is written after the secret and
// deleted before a new one is made. So a run that was interrupted leaves no secret that looks valid and is not.
import type { App } from '../domain/objects.ts';
import type { SecretInfo } from '../github/github.ts';
import { publishClientId, replaceSecret, type Slot, storeSecret } from './apply-app.ts';
import type { Step } from './part.ts';
import type { Selection } from './selection.ts';
import { keep, refuse } from './steps.ts';

/** An application, and where GitHub stores its secret. */
export interface StoredClient {
  /** Undefined: it is created first. */
  app: App | undefined;
  /** Its display name. */
  name: string;
  /** The option that chooses the application. */
  appOption: string;
  slot: Slot;
  /** Of GitHub. Undefined: the environment does not exist yet. */
  secrets: readonly SecretInfo[] | undefined;
  variables: Readonly<Record<string, string>>;
  /** Whether `setup` made the application for these jobs. */
  isOurs: boolean;
  /** Whether something admits its tokens, so that jobs may use its secret. */
  isTrusted: boolean;
  wantsNewSecret: boolean;
}

type SecretState = 'none' | 'valid' | 'unknown' | 'unused' | 'foreign';

/** What is known of the secret that GitHub stores. It cannot be read. */
export function secretState({ app, slot, secrets, variables, isOurs, isTrusted }: StoredClient): SecretState {
  const isStored = secrets?.some(({ name }) => name === slot.secret) === true;
  const clientId = variables[slot.variable];
  if (clientId !== undefined && clientId !== app?.name) return 'foreign';
  if (app === undefined) return isStored ? 'foreign' : 'none';
  if (isStored && clientId === app.name) return 'valid';
  return isOurs && !isTrusted ? 'unused' : 'unknown';
}

export function planStoredSecret(
  client: StoredClient,
  { environment }: Pick<Selection, 'environment'>,
): Step[] {
  const { app, name, slot, variables, wantsNewSecret } = client;
  const object = { system: 'github', object: 'secret', name: slot.secret } as const;
  const idVariable = { system: 'github', object: 'variable', name: slot.variable } as const;
  const state = secretState(client);
  const clientId = variables[slot.variable];
  if (state === 'valid' && !wantsNewSecret) return [keep(object, 'stored'), keep(idVariable, clientId ?? '')];
  if (!wantsNewSecret && (state === 'unknown' || state === 'foreign'))
    return [refuse(object, ...secretAdvice(state, client))];
  const text = app === undefined ? 'secret of the new application' : secretText(state, name);
  const isChange = clientId !== undefined;
  const place = { environment, isPublished: isChange, slot };
  return [
    {
      action: { ...object, op: state === 'valid' || state === 'foreign' ? 'change' : 'create', text },
      apply: (run) => (app === undefined ? storeSecret(run, place) : replaceSecret(run, app.id, place)),
    },
    {
      action: {
        ...idVariable,
        op: isChange ? 'change' : 'create',
        text: `${app?.name ?? 'client ID of the new application'}${isChange ? ', set again after the new secret is stored' : ''}`,
        ...(isChange && { before: clientId }),
        ...(app?.name !== undefined && { after: app.name }),
      },
      apply: (run) => publishClientId(run, place),
    },
  ];
}

function secretText(state: SecretState, app: string): string {
  if (state === 'unused')
    return `a new secret of ${app}: the first one was not stored, and nothing trusts the application`;
  return `a new secret of ${app}: jobs with the old one are refused at once`;
}

function secretAdvice(
  state: SecretState,
  { app, name, appOption, slot, variables, secrets }: StoredClient,
): [text: string, details?: string[]] {
  const clientId = variables[slot.variable];
  if (state === 'foreign')
    return clientId === undefined
      ? [`belongs to another application; replace it with \`${slot.rotateOption}\``]
      : [
          `belongs to the client ${clientId}; choose its application with \`${appOption}\`, or replace it with \`${slot.rotateOption}\``,
        ];
  const choose = `choose another application with \`${appOption}\``;
  const replace = `or make a new secret with \`${slot.rotateOption}\`: other jobs with the old one are refused at once`;
  if (secrets?.some((one) => one.name === slot.secret))
    return [
      `may be the secret of another application than ${name}`,
      [
        `if it is that of ${name}, set the variable ${slot.variable} to ${app?.name}`,
        `otherwise ${choose}`,
        replace,
      ],
    ];
  return [`is not stored, and the secret of ${name} cannot be read again`, [choose, replace]];
}
