// The OAuth clients of the domain: its applications, or those that the settings name.
import type { ScimObject } from '../scim/attributes.ts';
import { sameSecret } from '../server/message.ts';
import { awsClientId, type World } from '../server/world.ts';

export interface Client {
  id: string;
  secret: string;
  /** Undefined for a client of the settings. */
  app?: ScimObject;
}

/** @param credentials `<client id>:<client secret>` */
export function clientWith(credentials: string, world: World): Client | undefined {
  return clientsOf(world).find(({ id, secret }) => sameSecret(credentials, `${id}:${secret}`));
}

export function isKnownClient(credentials: string, world: World): boolean {
  return clientsOf(world).some(({ id }) => credentials.startsWith(`${id}:`));
}

/** An inactive application is no client. */
function clientsOf(world: World): Client[] {
  const { untouchedDomain, clientId, clientSecret, awsClientSecret } = world.settings;
  if (!untouchedDomain) {
    const awsClient = { id: awsClientId(world), secret: awsClientSecret ?? clientSecret };
    return [{ id: clientId, secret: clientSecret }, awsClient];
  }
  return world.directory
    .all('Apps')
    .filter(
      (app) => app['active'] === true && app['isOAuthClient'] === true && app['clientSecret'] !== undefined,
    )
    .map((app) => ({ id: String(app['name']), secret: String(app['clientSecret']), app }));
}
