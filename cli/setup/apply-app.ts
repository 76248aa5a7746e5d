// Creates the application, and takes its secret from the response into GitHub. The secret is nowhere else.
import { Secret } from '../../src/secret.ts';
import type { App } from '../domain/objects.ts';
import { CommandError } from '../failure.ts';
import { TAG } from './names.ts';
import type { Run } from './part.ts';
import { SECRET, VARIABLES } from './plan-github.ts';

const APP = 'urn:ietf:params:scim:schemas:oracle:idcs:App';
const STATUS_CHANGER = 'urn:ietf:params:scim:schemas:oracle:idcs:AppStatusChanger';
const REGENERATOR = 'urn:ietf:params:scim:schemas:oracle:idcs:AppClientSecretRegenerator';

/** Body of `POST /admin/v1/Apps`. */
export function appBody(displayName: string, mark: string) {
  return {
    schemas: [APP],
    displayName,
    description: 'Token exchange for GitHub Actions. No admin role. Created by oci-wif.',
    basedOnTemplate: { value: 'CustomWebAppTemplateId' },
    clientType: 'confidential',
    isOAuthClient: true,
    allowedGrants: ['client_credentials'],
    trustScope: 'Explicit',
    active: true,
    tags: [{ key: TAG, value: mark }],
  };
}

export async function createApp(run: Run, mark: string): Promise<void> {
  const { scim, selection, made, report } = run;
  const { clientSecret, ...app } = await scim.create('Apps', appBody(selection.names.app, mark));
  if (clientSecret !== undefined) made.clientSecret = new Secret(clientSecret);
  made.appId = app.id;
  made.clientId = clientIdOf(app);
  report(`created app ${selection.names.app}, client ID ${made.clientId}`);
  // A domain may create an application inactive, whatever the request says.
  if (app.active !== true) await activateApp(run, app.id);
}

export async function activateApp({ scim, report }: Run, id: string): Promise<void> {
  await scim.call('PUT', `AppStatusChanger/${id}`, { schemas: [STATUS_CHANGER], active: true });
  report('activated the app');
}

/** Stores the secret of the application that this run created. */
export async function storeSecret(
  run: Run,
  environment: string | undefined,
  isPublished: boolean,
): Promise<void> {
  const { made } = run;
  // Some domains return the secret only from the regenerator.
  if (made.clientSecret === undefined) return replaceSecret(run, environment, made.appId ?? '', isPublished);
  if (isPublished) await withdrawClientId(run, environment);
  await intoGitHub(run, environment, made.clientSecret);
}

/** @param isPublished whether the variable with the client ID exists */
export async function replaceSecret(
  run: Run,
  environment: string | undefined,
  appId: string,
  isPublished: boolean,
): Promise<void> {
  if (isPublished) await withdrawClientId(run, environment);
  const { clientSecret } = await run.scim.call('POST', 'AppClientSecretRegenerator', {
    schemas: [REGENERATOR],
    appId,
  });
  if (typeof clientSecret !== 'string' || clientSecret === '')
    throw new CommandError('SERVICE_REFUSED', 'The domain returned no new secret of the application.', {
      remedy: 'Run the command again with `--rotate-secret`.',
    });
  run.report('made a new secret of the app');
  await intoGitHub(run, environment, new Secret(clientSecret));
}

/** Deleting the variable also shows whether GitHub lets this account write, before the old secret is invalid. */
async function withdrawClientId({ github, report }: Run, environment: string | undefined): Promise<void> {
  await github.deleteVariable(environment, VARIABLES.clientId);
  report(`GitHub: deleted variable ${VARIABLES.clientId} until the new secret is stored`);
}

async function intoGitHub(run: Run, environment: string | undefined, secret: Secret): Promise<void> {
  try {
    await run.github.setSecret(environment, SECRET, secret);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const message = `GitHub did not store ${SECRET}: ${error.message} The secret was not shown and is lost.`;
    throw new CommandError(error.code, message, {
      ...error.details,
      remedy: 'Mend this, then run the command again with `--rotate-secret`, which makes a new secret.',
    });
  }
  run.report(`GitHub: stored secret ${SECRET}`);
}

export async function publishClientId(run: Run, environment: string | undefined): Promise<void> {
  const { github, made, report } = run;
  await github.setVariable(environment, VARIABLES.clientId, made.clientId ?? '');
  report(`GitHub: set variable ${VARIABLES.clientId}`);
}

function clientIdOf({ name }: App): string {
  if (name === undefined)
    throw new CommandError('SERVICE_REFUSED', 'The domain returned an application without a client ID.');
  return name;
}
