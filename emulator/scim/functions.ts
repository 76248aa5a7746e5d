// The functions of the SCIM API that are no objects. Sources: "Regenerate OAuth Client Secret"; SDK model AppStatusChanger.
import { type EmulatorResponse, json } from '../server/message.ts';
import type { World } from '../server/world.ts';
import type { Members } from './attributes.ts';
import { newClientSecret } from './new-objects.ts';
import { refuse } from './responses.ts';

const IDCS = 'urn:ietf:params:scim:schemas:oracle:idcs';

export function changeStatus(id: string, body: Members, world: World): EmulatorResponse {
  const schema = `${IDCS}:AppStatusChanger`;
  checkSchema(body, schema);
  const { active } = body;
  if (typeof active !== 'boolean') throw refuse('missingAttribute', 'active is missing', { names: 'active' });
  if (world.directory.get('Apps', id) === undefined) throw refuse('notFound', 'no application with this id');
  world.settings.scim.beforeWrite?.({ method: 'PUT', resource: 'Apps', id });
  const { meta, ocid } = world.directory.update('Apps', id, { active });
  return json(200, { schemas: [schema], id, ocid, active, meta });
}

/** The old secret is invalid at once. */
export function regenerateSecret(body: Members, world: World): EmulatorResponse {
  const schema = `${IDCS}:AppClientSecretRegenerator`;
  checkSchema(body, schema);
  const { appId } = body;
  if (typeof appId !== 'string') throw refuse('missingAttribute', 'appId is missing', { names: 'appId' });
  const app = world.directory.get('Apps', appId);
  if (app === undefined)
    throw refuse('invalidReference', 'no such application', { path: 'appId', id: appId });
  world.settings.scim.beforeWrite?.({ method: 'POST', resource: 'Apps', id: appId });
  const clientSecret = newClientSecret(world);
  const { meta } = world.directory.update('Apps', appId, { clientSecret });
  return json(201, { schemas: [schema], id: appId, appId, clientSecret, meta });
}

function checkSchema({ schemas }: Members, schema: string): void {
  if (![schemas].flat().includes(schema)) {
    throw refuse('missingAttribute', 'schemas is missing', { names: 'schemas' });
  }
}
