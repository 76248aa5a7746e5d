// An untouched domain for the tests of the SCIM API, and requests of its administrator.
import type { ScimSettings } from '../../../emulator/scim/settings.ts';
import { type Emulator, startEmulator, type WorldSettings } from '../../../emulator/server/start.ts';
import { call, type Response } from './client.ts';

const IDCS = 'urn:ietf:params:scim:schemas:oracle:idcs';
export const USER_EXTENSION = `${IDCS}:extension:user:User`;

export interface Domain {
  emulator: Emulator;
  clock: { now: number };
  scim(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Creates an object that must not be refused. */
  made(path: string, body: unknown): Promise<Record<string, unknown>>;
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
  return {
    emulator,
    clock,
    scim: send,
    async made(path, body) {
      const { status, json } = await send('POST', path, body);
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(json)}`);
      return json;
    },
  };
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
