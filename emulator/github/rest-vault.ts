// Secrets and variables of a repository and of its environments. A secret arrives in a sealed box, and nothing returns it.
// Source: GitHub docs, "REST API endpoints for GitHub Actions Secrets", "… Variables".
import { createHash } from 'node:crypto';
import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  noContent,
  queryOf,
  strictBase64,
} from '../server/message.ts';
import type { Permission, StoredSecret, Vault } from './repositories.ts';
import type { RestCall, Route } from './rest.ts';
import { bodyOf, environmentOf } from './rest-repository.ts';
import { refuse } from './rest-responses.ts';
import { type BoxKeyPair, newBoxKeyPair, openSealed } from './sealed-box.ts';

const NAME = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/;
const MAX_SECRET_BYTES = 48 * 1024;

type Kind = 'secrets' | 'variables';
type Find = (call: RestCall) => Vault;

export const VAULT_ROUTES: readonly Route[] = [
  ...routesOf('environments/:environment', 'environments', 'environments', environmentOf),
  ...routesOf('actions', 'secrets', 'variables', ({ repository }) => repository),
  {
    method: 'GET',
    path: 'actions/organization-secrets',
    permission: 'secrets=read',
    handle: ({ request, world }) => vaultList(request, 'secrets', world.githubRest.organization),
  },
  {
    method: 'GET',
    path: 'actions/organization-variables',
    permission: 'variables=read',
    handle: ({ request, world }) => vaultList(request, 'variables', world.githubRest.organization),
  },
];

function routesOf(prefix: string, secrets: Permission, variables: Permission, find: Find): Route[] {
  const [list, item] = [`${prefix}/secrets`, `${prefix}/secrets/:name`];
  const [variableList, variable] = [`${prefix}/variables`, `${prefix}/variables/:name`];
  const route = (method: string, path: string, permission: Route['permission'], handle: Route['handle']) => ({
    method,
    path,
    permission,
    handle,
  });
  return [
    route('GET', list, `${secrets}=read`, (call) => vaultList(call.request, 'secrets', find(call))),
    // Before the secret of any name.
    route('GET', `${list}/public-key`, `${secrets}=read`, (call) => json(200, publicKey(find(call)))),
    route('GET', item, `${secrets}=read`, (call) => getItem(call, 'secrets', find(call))),
    route('PUT', item, `${secrets}=write`, (call) => putSecret(call, find(call))),
    route('DELETE', item, `${secrets}=write`, (call) => deleteItem(call, 'secrets', find(call))),
    route('GET', variableList, `${variables}=read`, (call) =>
      vaultList(call.request, 'variables', find(call)),
    ),
    route('POST', variableList, `${variables}=write`, (call) => createVariable(call, find(call))),
    route('GET', variable, `${variables}=read`, (call) => getItem(call, 'variables', find(call))),
    route('PATCH', variable, `${variables}=write`, (call) => updateVariable(call, find(call))),
    route('DELETE', variable, `${variables}=write`, (call) => deleteItem(call, 'variables', find(call))),
  ];
}

const keyPairs = new WeakMap<Vault, BoxKeyPair>();

function keyPairOf(vault: Vault): BoxKeyPair {
  const pair = keyPairs.get(vault) ?? newBoxKeyPair();
  keyPairs.set(vault, pair);
  return pair;
}

/** A key pair for each environment and each repository. */
function publicKey(vault: Vault) {
  const key = keyPairOf(vault).publicKey;
  const digest = createHash('sha256').update(key).digest('hex');
  return { key_id: BigInt(`0x${digest.slice(0, 15)}`).toString(), key: Buffer.from(key).toString('base64') };
}

/** Pages of `per_page` items, 30 by default; the real maximum is 100. */
export function vaultList(request: EmulatorRequest, kind: Kind, vault: Vault): EmulatorResponse {
  const query = queryOf(request);
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const start = (Number(query.get('page') ?? 1) - 1) * size;
  const names = [...vault[kind].keys()].sort();
  const items = names.slice(start, start + size).map((name) => shown(name, kind, vault));
  return json(200, { total_count: names.length, [kind]: items });
}

function getItem({ values }: RestCall, kind: Kind, vault: Vault): EmulatorResponse {
  const name = (values['name'] ?? '').toUpperCase();
  if (!vault[kind].has(name)) throw refuse('notFound', `no such item in ${kind}`);
  return json(200, shown(name, kind, vault));
}

function deleteItem({ values }: RestCall, kind: Kind, vault: Vault): EmulatorResponse {
  const name = (values['name'] ?? '').toUpperCase();
  if (!vault[kind].delete(name)) throw refuse('notFound', `no such item in ${kind}`);
  return noContent(204);
}

function shown(name: string, kind: Kind, vault: Vault) {
  if (kind === 'variables') return { name, value: vault.variables.get(name) };
  const { created = 0, updated = 0 } = vault.secrets.get(name) ?? {};
  const time = (at: number) => new Date(at).toISOString().replace(/\.\d{3}/, '');
  return { name, created_at: time(created), updated_at: time(updated) };
}

function putSecret({ request, values, world }: RestCall, vault: Vault): EmulatorResponse {
  const { encrypted_value: sealed, key_id: keyId } = bodyOf(request);
  const name = checkName(values['name']);
  for (const [parameter, value] of [
    ['encrypted_value', sealed],
    ['key_id', keyId],
  ] as const) {
    if (typeof value !== 'string')
      throw refuse('invalid', parameter, { reason: `"${parameter}" wasn't supplied.` });
  }
  if (keyId !== publicKey(vault).key_id) throw refuse('wrongKey');
  const bytes = strictBase64(String(sealed));
  const value = bytes && openSealed(bytes, keyPairOf(vault));
  if (value === undefined) throw refuse('notSealed');
  if (Buffer.byteLength(value) > MAX_SECRET_BYTES)
    throw refuse('invalid', 'size', { reason: 'The value is too long.' });
  world.secrets.add(value);
  const now = world.now();
  const existing: StoredSecret | undefined = vault.secrets.get(name);
  vault.secrets.set(name, { value, created: existing?.created ?? now, updated: now });
  return existing ? noContent(204) : json(201, {});
}

function checkName(given: unknown): string {
  const name = String(given ?? '').toUpperCase();
  if (!NAME.test(name))
    throw refuse('invalid', 'name', { reason: 'Names consist of letters, digits and underscores.' });
  return name;
}

function createVariable({ request }: RestCall, vault: Vault): EmulatorResponse {
  const { name: given, value } = bodyOf(request);
  const name = checkName(given);
  if (typeof value !== 'string') throw refuse('invalid', 'value', { reason: '"value" wasn\'t supplied.' });
  if (vault.variables.has(name)) throw refuse('variableExists');
  vault.variables.set(name, value);
  return json(201, {});
}

function updateVariable(call: RestCall, vault: Vault): EmulatorResponse {
  const name = (call.values['name'] ?? '').toUpperCase();
  if (!vault.variables.has(name)) throw refuse('notFound', 'no such variable');
  const { value } = bodyOf(call.request);
  if (typeof value === 'string') vault.variables.set(name, value);
  return noContent(204);
}
