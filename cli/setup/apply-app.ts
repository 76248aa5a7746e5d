// Creates the application, and stores the secret in the response in GitHub. The secret is written nowhere else.
import { Secret } from '../../src/secret.ts';
import type { App } from '../domain/objects.ts';
import { CommandError } from '../failure.ts';
import { TAG } from './names.ts';
import type { Run } from './part.ts';

const APP = 'urn:ietf:params:scim:schemas:oracle:idcs:App';
const STATUS_CHANGER = 'urn:ietf:params:scim:schemas:oracle:idcs:AppStatusChanger';
const REGENERATOR = 'urn:ietf:params:scim:schemas:oracle:idcs:AppClientSecretRegenerator';

/** Where GitHub stores the secret of an application, and its client ID. */
export interface Slot {
  secret: string;
  variable: string;
  /** The option that makes a new secret. */
  rotateOption: string;
}

export interface Place {
  environment: string | undefined;
  slot: Slot;
  /** Whether the variable with the client ID exists. */
  isPublished: boolean;
}

/** Body of `POST /admin/v1/Apps`. */
export function clientBody(displayName: string, description: string, tag: { key: string; value: string }) {
  return {
    schemas: [APP],
    displayName,
    description,
    basedOnTemplate: { value: 'CustomWebAppTemplateId' },
    clientType: 'confidential',
    isOAuthClient: true,
    allowedGrants: ['client_credentials'],
    trustScope: 'Explicit',
    active: true,
    tags: [tag],
  };
}

export function appBody(displayName: string, mark: string) {
  const description = 'Token exchange for GitHub Actions. No admin role. Created by oci-wif.';
  return clientBody(displayName, description, { key: TAG, value: mark });
}

export function createApp(run: Run, mark: string): Promise<void> {
  const { app: name } = run.selection.names;
  return createClient(run, name, appBody(name, mark));
}

/** @param body of `POST /admin/v1/Apps` */
export async function createClient(
  run: Run,
  name: string,
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { scim, made, report } = run;
  const { clientSecret, ...app } = await scim.create('Apps', body);
  // An empty secret counts as none: it must never reach GitHub.
  if (clientSecret) made.clientSecret = new Secret(clientSecret);
  made.appId = app.id;
  made.clientId = clientIdOf(app);
  report(`created app ${name}, client ID ${made.clientId}`);
  // A domain may create an application inactive, whatever the request says.
  if (app.active !== true) await setAppActive(run, app.id, true);
}

export async function setAppActive({ scim, report }: Run, id: string, active: boolean): Promise<void> {
  const path = `AppStatusChanger/${encodeURIComponent(id)}`;
  await scim.call('PUT', path, { schemas: [STATUS_CHANGER], active });
  report(`${active ? 'activated' : 'deactivated'} the app`);
}

/** Stores the secret of the application that this run created. */
export async function storeSecret(run: Run, place: Place): Promise<void> {
  const { made } = run;
  // Some domains return the secret only from the regenerator.
  if (made.clientSecret === undefined) return replaceSecret(run, made.appId ?? '', place);
  if (place.isPublished) await withdrawClientId(run, place);
  await storeInGitHub(run, place, made.clientSecret);
  delete made.clientSecret;
}

export async function replaceSecret(run: Run, appId: string, place: Place): Promise<void> {
  if (place.isPublished) await withdrawClientId(run, place);
  const { clientSecret } = await run.scim.call('POST', 'AppClientSecretRegenerator', {
    schemas: [REGENERATOR],
    appId,
  });
  if (typeof clientSecret !== 'string' || clientSecret === '')
    throw new CommandError('SERVICE_REFUSED', 'The domain returned no new secret of the application.', {
      remedy: `Run the command again with \`${place.slot.rotateOption}\`.`,
    });
  run.report('made a new secret of the app');
  await storeInGitHub(run, place, new Secret(clientSecret));
}

/** Deleting the variable also shows whether GitHub lets this account write, before the old secret is invalid. */
async function withdrawClientId({ github, report }: Run, { environment, slot }: Place): Promise<void> {
  await github.deleteVariable(environment, slot.variable);
  report(`GitHub: deleted variable ${slot.variable} until the new secret is stored`);
}

async function storeInGitHub(run: Run, { environment, slot }: Place, secret: Secret): Promise<void> {
  try {
    await run.github.setSecret(environment, slot.secret, secret);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const message = `GitHub did not store ${slot.secret}: ${error.message} The secret was not shown and is lost.`;
    throw new CommandError(error.code, message, {
      ...error.details,
      remedy: `Correct this, then run the command again with \`${slot.rotateOption}\`, which makes a new secret.`,
    });
  }
  run.report(`GitHub: stored secret ${slot.secret}`);
}

export function publishClientId(run: Run, { environment, slot }: Place): Promise<void> {
  return setVariable(run, environment, slot.variable, run.made.clientId ?? '');
}

export async function setVariable(
  { github, report }: Run,
  environment: string | undefined,
  name: string,
  value: string,
): Promise<void> {
  await github.setVariable(environment, name, value);
  report(`GitHub: set variable ${name}`);
}

function clientIdOf({ name }: App): string {
  if (name === undefined)
    throw new CommandError('SERVICE_REFUSED', 'The domain returned an application without a client ID.');
  return name;
}
