// The AWS half of the careful client: access tokens, STS forms, and a signature of version 4 made by hand.
import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Emulator } from '../../../emulator/server/start.ts';
import { type Answer, basic, type Call, call } from './client.ts';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

export function askDomain(
  emulator: Emulator,
  form: Record<string, string> | string = {},
  authorization = basic(emulator),
) {
  const honest = { grant_type: 'client_credentials', scope: 'sts.amazon.com/' };
  return call(emulator, `${emulator.urls.domain}/oauth2/v1/token`, {
    method: 'POST',
    headers: { Authorization: authorization, 'Content-Type': FORM },
    body: new URLSearchParams(typeof form === 'string' ? form : { ...honest, ...form }).toString(),
  });
}

export async function accessToken(emulator: Emulator): Promise<string> {
  return String((await askDomain(emulator)).json['access_token']);
}

/** A token that the domain signed, with claims it would not have written. */
export function forgedAccessToken(
  emulator: Emulator,
  changes: Record<string, unknown> = {},
  header: Record<string, string> = {},
  key?: KeyObject | Uint8Array,
): Promise<string> {
  const { domainKey, urls, now } = emulator.world;
  const issued = Math.floor(now() / 1000);
  const honest = {
    iss: urls.domain,
    aud: 'sts.amazon.com',
    sub: emulator.inputs['client-id'],
    iat: issued,
    exp: issued + 3600,
  };
  return new SignJWT({ ...honest, ...changes })
    .setProtectedHeader({ alg: 'RS256', kid: domainKey.kid, ...header })
    .sign(key ?? domainKey.privateKey);
}

export function assumeForm(emulator: Emulator, token: string): Record<string, string> {
  return {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: emulator.awsInputs['aws-role-arn'],
    RoleSessionName: 'acme-infra',
    WebIdentityToken: token,
  };
}

export function askSts(emulator: Emulator, form: Record<string, string> | string, options: Call = {}) {
  return call(emulator, `${emulator.urls.sts}/`, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    ...options,
    headers: { 'Content-Type': FORM, ...options.headers },
  });
}

/** The whole way from the app to credentials. */
export async function assume(emulator: Emulator, changes: Record<string, string> = {}): Promise<AwsKeys> {
  const form = { ...assumeForm(emulator, await accessToken(emulator)), ...changes };
  const answer = await askSts(emulator, form);
  return {
    accessKeyId: field(answer, 'AccessKeyId'),
    secretAccessKey: field(answer, 'SecretAccessKey'),
    sessionToken: field(answer, 'SessionToken'),
  };
}

/** The text of the first element of that name, its entities undone. */
export function field({ body }: Answer, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(body.toString())?.[1] ?? '';
  const entities: Record<string, string> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code, entity) =>
    code ? String.fromCharCode(Number(code)) : (entities[entity] ?? ''),
  );
}

export interface AwsCall {
  service: 'sts' | 's3';
  keys: AwsKeys;
  method?: string;
  /** Encoded, and with a query in canonical order if it has one. */
  path?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  region?: string;
  /** Instead of all headers. */
  names?: string[];
  /** The service named in the credential scope. */
  scopeService?: string;
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Signs as "Create a signed AWS API request" describes; a caller may spoil what it returns. */
export function signedAws(emulator: Emulator, options: AwsCall) {
  const { service, keys, method = 'POST', path = '/', body = '', region = 'us-east-1' } = options;
  const date = new Date(emulator.world.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = {
    host: new URL(emulator.urls[service]).host,
    'x-amz-date': date,
    'x-amz-security-token': keys.sessionToken,
    ...(service === 's3' ? { 'x-amz-content-sha256': sha256(body) } : { 'content-type': FORM }),
    ...options.headers,
  };
  const names = options.names ?? Object.keys(headers).sort();
  const [pathname = '', query = ''] = path.split('?');
  const payload = headers['x-amz-content-sha256'] ?? sha256(body);
  const lines = names.map((name) => `${name}:${headers[name]?.trim()}\n`).join('');
  const canonical = [method, pathname, query, lines, names.join(';'), payload].join('\n');
  const signedDate = headers['x-amz-date'] ?? '';
  const scope = [signedDate.slice(0, 8), region, options.scopeService ?? service, 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', signedDate, scope.join('/'), sha256(canonical)].join('\n');
  let key: Buffer = Buffer.from(`AWS4${keys.secretAccessKey}`);
  for (const part of scope) key = hmac(key, part);
  const signature = hmac(key, text).toString('hex');
  const credential = `Credential=${keys.accessKeyId}/${scope.join('/')}`;
  headers['authorization'] =
    `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { service, method, path, headers, body };
}

export function sendAws(
  emulator: Emulator,
  { service, path, ...rest }: ReturnType<typeof signedAws>,
): Promise<Answer> {
  return call(emulator, `${emulator.urls[service]}${path}`, rest);
}
