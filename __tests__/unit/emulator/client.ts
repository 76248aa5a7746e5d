// A test client for the emulator: HTTPS requests, and OCI request signatures made without the SDK.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { isIP } from 'node:net';
import { expect } from '@jest/globals';
import { SignJWT } from 'jose';
import type { Service } from '../../../emulator/server/message.ts';
import type { Emulator } from '../../../emulator/server/start.ts';

export interface Response {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The members of a JSON body; empty for any other body. */
  json: Record<string, unknown>;
}

export interface Call {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  signal?: AbortSignal;
  /** Instead of the authority of the services. */
  ca?: string;
}

export function call(emulator: Emulator, url: string, options: Call = {}): Promise<Response> {
  const { body, ...rest } = options;
  const { hostname: host, port, origin } = new URL(url);
  // Not the path of the URL object, which normalizes what a signature covers.
  const path = url.slice(origin.length) || '/';
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host,
        port,
        path,
        ca: readFileSync(emulator.caFile),
        servername: isIP(host) === 0 ? host : '',
        agent: false,
        ...rest,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const { statusCode: status = 0, headers } = incoming;
          resolve({ status, headers, body: bytes, json: parseJson(bytes) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function parseJson(bytes: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(bytes.toString('utf8')));
  } catch {
    return {};
  }
}

/** One for all tests: key generation is slow. */
export const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });

export function spki(key: KeyObject = keyPair.publicKey): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

export function askGithub(emulator: Emulator, suffix = '', options: Call = {}): Promise<Response> {
  const headers = { Authorization: `Bearer ${emulator.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` };
  return call(emulator, `${emulator.env['ACTIONS_ID_TOKEN_REQUEST_URL']}${suffix}`, { headers, ...options });
}

export async function jobToken(emulator: Emulator): Promise<string> {
  const audience = encodeURIComponent(emulator.inputs.audience);
  return String((await askGithub(emulator, `&audience=${audience}`)).json['value']);
}

/** A token signed with GitHub's key, with any claims. */
export function forgedToken(
  emulator: Emulator,
  changes: Record<string, unknown>,
  key?: KeyObject,
): Promise<string> {
  const { githubKey, urls, now } = emulator.world;
  const issued = Math.floor(now() / 1000);
  const claims = {
    iss: urls.github,
    aud: emulator.inputs.audience,
    sub: 'repo:acme/infra:ref:refs/heads/main',
    jti: 'one',
    iat: issued,
    nbf: issued - 600,
    exp: issued + 300,
  };
  return new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: githubKey.kid })
    .sign(key ?? githubKey.privateKey);
}

export function basic(emulator: Emulator, changes: { id?: string; secret?: string } = {}): string {
  const { id = emulator.inputs['client-id'], secret = emulator.inputs['client-secret'] } = changes;
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

export function exchangeForm(jwt: string): Record<string, string> {
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:oci:token-type:oci-upst',
    subject_token_type: 'jwt',
    subject_token: jwt,
    public_key: spki(),
  };
}

export function exchange(emulator: Emulator, form: Record<string, string> | string, headers = {}) {
  return call(emulator, `${emulator.urls.domain}/oauth2/v1/token`, {
    method: 'POST',
    headers: {
      Authorization: basic(emulator),
      'Content-Type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: new URLSearchParams(form).toString(),
  });
}

/** An exchange with a valid form but for `changes`; undefined removes a parameter. */
export async function exchangeWith(emulator: Emulator, changes: Record<string, string | undefined>) {
  const form = Object.entries({ ...exchangeForm(await jobToken(emulator)), ...changes });
  const given = form.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return exchange(emulator, Object.fromEntries(given));
}

export type OAuthRefusal = readonly [status: number, error: string];
export const INVALID: OAuthRefusal = [400, 'invalid_request'];
export const INVALID_GRANT: OAuthRefusal = [400, 'invalid_grant'];
export const UNAUTHORIZED: OAuthRefusal = [401, 'unauthorized_client'];

/** @param reason of the last entry of the journal */
export function expectRefusal(
  emulator: Emulator,
  response: Response,
  [status, error]: OAuthRefusal,
  reason: RegExp,
): void {
  expect([response.status, response.json['error']]).toEqual([status, error]);
  expect(Object.keys(response.json).toSorted()).toEqual(['error', 'error_description']);
  expect(emulator.journal.at(-1)).toMatchObject({ status, reason: expect.stringMatching(reason) });
}

/** From the job's token to a session token. */
export async function login(emulator: Emulator): Promise<string> {
  return String((await exchange(emulator, exchangeForm(await jobToken(emulator)))).json['token']);
}

export interface SignedCall {
  method: string;
  path: string;
  /** Of a session; for an API key, `keyId`. */
  token?: string;
  keyId?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  names?: string[];
  key?: KeyObject;
}

/** Signs as the document "Request Signatures" describes. */
export function signed(emulator: Emulator, options: SignedCall) {
  const { method, path, token, keyId = `ST$${token}`, body = '', key = keyPair.privateKey } = options;
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method);
  const bodyHeaders = {
    'content-length': String(Buffer.byteLength(body)),
    'content-type': 'application/json',
    'x-content-sha256': createHash('sha256').update(body).digest('base64'),
  };
  const headers: Record<string, string> = {
    host: new URL(emulator.urls.oci).host,
    date: new Date(emulator.world.now()).toUTCString(),
    ...(hasBody ? bodyHeaders : {}),
    ...options.headers,
  };
  const names = options.names ?? [
    'date',
    '(request-target)',
    'host',
    ...(hasBody ? Object.keys(bodyHeaders) : []),
  ];
  const lines = names.map((name) => {
    const lower = name.toLowerCase();
    return `${lower}: ${lower === '(request-target)' ? `${method.toLowerCase()} ${path}` : headers[lower]}`;
  });
  const signature = sign('sha256', Buffer.from(lines.join('\n')), key).toString('base64');
  const parameters = `keyId="${keyId}",algorithm="rsa-sha256",headers="${names.join(' ')}"`;
  headers['authorization'] = `Signature version="1",${parameters},signature="${signature}"`;
  return { method, path, headers, body };
}

export function send(
  emulator: Emulator,
  { path, ...rest }: ReturnType<typeof signed>,
  service: Service = 'oci',
): Promise<Response> {
  return call(emulator, `${emulator.urls[service]}${path}`, rest);
}
