// A careful client for the emulator's own tests: plain TLS requests and a request signature made by hand.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { SignJWT } from 'jose';
import type { Emulator } from '../../../emulator/server/start.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body as JSON, member by member. */
  json: Record<string, unknown>;
}

export interface Call {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  signal?: AbortSignal;
}

export function call(emulator: Emulator, url: string, options: Call = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, signal } = options;
  const target = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: target.hostname,
        port: target.port,
        // As written: URL would tidy up what a signature covers.
        path: url.slice(target.origin.length) || '/',
        method,
        headers,
        ca: readFileSync(emulator.caFile),
        agent: false,
        ...(signal ? { signal } : {}),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const status = incoming.statusCode ?? 0;
          resolve({ status, headers: incoming.headers, body: bytes, json: asJson(bytes) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function asJson(bytes: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(bytes.toString('utf8')));
  } catch {
    return {};
  }
}

/** Key pairs are costly and carry no state: one for all tests. */
export const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });

export function spki(key: KeyObject = keyPair.publicKey): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

export function askGithub(emulator: Emulator, suffix = '', options: Call = {}): Promise<Answer> {
  const headers = { Authorization: `Bearer ${emulator.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` };
  return call(emulator, `${emulator.env['ACTIONS_ID_TOKEN_REQUEST_URL']}${suffix}`, { headers, ...options });
}

export async function jobToken(emulator: Emulator): Promise<string> {
  const audience = encodeURIComponent(emulator.inputs.audience);
  return String((await askGithub(emulator, `&audience=${audience}`)).json['value']);
}

/** A token that GitHub signed, with claims it would not have written. */
export function forgedToken(
  emulator: Emulator,
  changes: Record<string, unknown>,
  key?: KeyObject,
): Promise<string> {
  const { githubKey, urls, now } = emulator.world;
  const issued = Math.floor(now() / 1000);
  const honest = {
    iss: urls.github,
    aud: emulator.inputs.audience,
    sub: 'repo:acme/infra:ref:refs/heads/main',
    jti: 'one',
    iat: issued,
    nbf: issued - 600,
    exp: issued + 300,
  };
  return new SignJWT({ ...honest, ...changes })
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

export function exchange(emulator: Emulator, form: Record<string, string> | string, options: Call = {}) {
  return call(emulator, `${emulator.urls.domain}/oauth2/v1/token`, {
    method: 'POST',
    ...options,
    headers: {
      Authorization: basic(emulator),
      'Content-Type': 'application/x-www-form-urlencoded',
      ...options.headers,
    },
    body: new URLSearchParams(form).toString(),
  });
}

/** The whole way from the job to a session token. */
export async function login(emulator: Emulator): Promise<string> {
  return String((await exchange(emulator, exchangeForm(await jobToken(emulator)))).json['token']);
}

export interface SignedCall {
  method: string;
  path: string;
  token: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  names?: string[];
  key?: KeyObject;
}

/** Signs as the document "Request Signatures" describes; a caller may spoil what it returns. */
export function signed(emulator: Emulator, options: SignedCall) {
  const { method, path, token, body = '', key = keyPair.privateKey } = options;
  const withBody = ['POST', 'PUT', 'PATCH'].includes(method);
  const headers: Record<string, string> = {
    host: new URL(emulator.urls.oci).host,
    date: new Date(emulator.world.now()).toUTCString(),
    ...(withBody
      ? {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'x-content-sha256': createHash('sha256').update(body).digest('base64'),
        }
      : {}),
    ...options.headers,
  };
  const trio = ['content-length', 'content-type', 'x-content-sha256'];
  const names = options.names ?? ['date', '(request-target)', 'host', ...(withBody ? trio : [])];
  const lines = names.map((name) => {
    const lower = name.toLowerCase();
    return `${lower}: ${lower === '(request-target)' ? `${method.toLowerCase()} ${path}` : headers[lower]}`;
  });
  const signature = sign('sha256', Buffer.from(lines.join('\n')), key).toString('base64');
  const parameters = `keyId="ST$${token}",algorithm="rsa-sha256",headers="${names.join(' ')}"`;
  headers['authorization'] = `Signature version="1",${parameters},signature="${signature}"`;
  return { method, path, headers, body };
}

export function send(emulator: Emulator, { path, ...rest }: ReturnType<typeof signed>): Promise<Answer> {
  return call(emulator, `${emulator.urls.oci}${path}`, rest);
}
