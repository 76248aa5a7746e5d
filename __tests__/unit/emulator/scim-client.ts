// An untouched domain for the tests of the SCIM API, and requests of its administrator.
import { afterAll, beforeEach } from '@jest/globals';
import { DEFAULT_SCIM_SETTINGS, type ScimSettings } from '../../../emulator/scim/settings.ts';
import { type Emulator, startEmulator, type WorldSettings } from '../../../emulator/server/start.ts';
import { call, type Response } from './client.ts';

const ERROR = 'urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error';
const IDCS = 'urn:ietf:params:scim:schemas:oracle:idcs';
export const USER_EXTENSION = `${IDCS}:extension:user:User`;

export interface Domain {
  emulator: Emulator;
  clock: { now: number };
  scim(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Creates an object that must not be refused. */
  made(path: string, body: unknown): Promise<Record<string, unknown>>;
  set(settings: Partial<ScimSettings>): void;
  /** Creates a trust of its own issuer, with two rules and one client. */
  madeTrust(): Promise<MadeTrust>;
}

export interface MadeTrust {
  id: string;
  path: string;
  rules: { rule: string; value: string }[];
  /** Rules, clients and meta. */
  read(): Promise<Record<string, unknown>>;
}

export const RULES = 'impersonationServiceUsers';
let names = 0;
export const fresh = (name: string) => `${name}-${++names}`;

/** Starts a domain for the tests of a file. Each test begins with the default settings. */
export async function startTestDomain(): Promise<Domain> {
  const domain = await startDomain({}, { domainLicense: 'premium' });
  beforeEach(() => domain.set(DEFAULT_SCIM_SETTINGS));
  afterAll(() => domain.emulator.close());
  return domain;
}

export async function startDomain(
  scim: Partial<ScimSettings> = {},
  world: Partial<Omit<WorldSettings, 'scim'>> = {},
): Promise<Domain> {
  const clock = { now: Date.now() };
  const options = { clock: () => clock.now, world: { untouchedDomain: true, ...world, scim } };
  const emulator = await startEmulator(options);
  const send: Domain['scim'] = (method, path, body, headers = {}) =>
    call(emulator, `${emulator.urls.domain}/admin/v1/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${emulator.world.administrator.bearer}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const made: Domain['made'] = async (path, body) => {
    const { status, json } = await send('POST', path, body);
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(json)}`);
    return json;
  };
  return {
    emulator,
    clock,
    scim: send,
    made,
    set: (settings) => void Object.assign(emulator.world.settings.scim, settings),
    madeTrust: () => makeTrust(emulator, send, made),
  };
}

async function makeTrust(emulator: Emulator, scim: Domain['scim'], made: Domain['made']): Promise<MadeTrust> {
  const client = await made('Apps', app(fresh('app')));
  const ids = [await made('Users', user(fresh('user'))), await made('Users', user(fresh('user')))];
  const rules = ids.map(({ id }, at) => ({ rule: `sub eq ${at}`, value: String(id) }));
  const changes = { issuer: fresh('https://issuer'), oauthClients: [client['name']], [RULES]: rules };
  const { id } = await made('IdentityPropagationTrusts', trust(emulator, changes));
  const path = `IdentityPropagationTrusts/${id}`;
  const read = async () => (await scim('GET', `${path}?attributes=${RULES},meta,oauthClients`)).json;
  return { id: String(id), path, rules, read };
}

export const app = (displayName: string, changes: Record<string, unknown> = {}) => ({
  schemas: [`${IDCS}:App`],
  displayName,
  basedOnTemplate: { value: 'CustomWebAppTemplateId' },
  clientType: 'confidential',
  isOAuthClient: true,
  allowedGrants: ['client_credentials'],
  active: true,
  ...changes,
});

export const user = (userName: string, changes: Record<string, unknown> = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', USER_EXTENSION],
  userName,
  [USER_EXTENSION]: { serviceUser: true },
  ...changes,
});

export const group = (displayName: string, ...members: unknown[]) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  displayName,
  ...(members.length === 0 ? {} : { members: members.map((value) => ({ value, type: 'User' })) }),
});

export const dynamicGroup = (
  displayName: string,
  matchingRule = "instance.id = 'ocid1.instance.oc1..1'",
) => ({
  schemas: [`${IDCS}:DynamicResourceGroup`],
  displayName,
  matchingRule,
});

export const trust = ({ urls }: Emulator, changes: Record<string, unknown> = {}) => ({
  schemas: [`${IDCS}:IdentityPropagationTrust`],
  name: 'github-actions',
  type: 'JWT',
  active: true,
  issuer: urls.github,
  publicKeyEndpoint: `${urls.github}/.well-known/jwks`,
  clientClaimName: 'aud',
  clientClaimValues: ['https://cloud.oracle.com'],
  oauthClients: [],
  subjectType: 'User',
  allowImpersonation: true,
  impersonationServiceUsers: [],
  ...changes,
});

export const patch = (...operations: unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

export const messageId = ({ json }: Response): unknown => Object(json[ERROR])['messageId'];
