// The AWS half of the test client: access tokens, STS forms, and Signature Version 4 made without the SDK.
import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { expect } from '@jest/globals';
import { SignJWT } from 'jose';
import type { Emulator } from '../../../emulator/server/start.ts';
import { basic, type Call, call, exchange, type Response } from './client.ts';

export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** Requests an access token. */
export function askDomain(
  emulator: Emulator,
  form: Record<string, string> | string = {},
  authorization = basic(emulator),
) {
  const valid = { grant_type: 'client_credentials', scope: 'sts.amazon.com/' };
  const body = typeof form === 'string' ? form : { ...valid, ...form };
  return exchange(emulator, body, { Authorization: authorization });
}

export async function accessToken(emulator: Emulator): Promise<string> {
  return String((await askDomain(emulator)).json['access_token']);
}

/** A token signed with the domain's key, with any claims. */
export function forgedAccessToken(
  emulator: Emulator,
  changes: Record<string, unknown> = {},
  header: Record<string, string> = {},
  key?: KeyObject | Uint8Array,
): Promise<string> {
  const { domainKey, urls, now } = emulator.world;
  const issued = Math.floor(now() / 1000);
  const sub = emulator.inputs['client-id'];
  const claims = { iss: urls.domain, aud: 'sts.amazon.com', sub, iat: issued, exp: issued + 3600 };
  return new SignJWT({ ...claims, ...changes })
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
    headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8', ...options.headers },
  });
}

/** From an access token to credentials. */
export async function assume(emulator: Emulator, changes: Record<string, string> = {}): Promise<AwsKeys> {
  const response = await askSts(emulator, {
    ...assumeForm(emulator, await accessToken(emulator)),
    ...changes,
  });
  return {
    accessKeyId: field(response, 'AccessKeyId'),
    secretAccessKey: field(response, 'SecretAccessKey'),
    sessionToken: field(response, 'SessionToken'),
  };
}

/** The text of the first XML element with this name. */
export function field({ body }: Response, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(body.toString())?.[1] ?? '';
  const entities: Record<string, string> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code, entity) =>
    code ? String.fromCharCode(Number(code)) : (entities[entity] ?? ''),
  );
}

/** For AWS's own SDK: trusts the emulator's CA. */
export function sdkOptions(
  emulator: Emulator,
  service: 'sts' | 's3' | 'aws-iam',
  credentials: Partial<AwsKeys> & Pick<AwsKeys, 'accessKeyId' | 'secretAccessKey'>,
) {
  const requestHandler = { httpsAgent: new Agent({ ca: readFileSync(emulator.caFile) }) };
  return { region: 'us-east-1', endpoint: emulator.urls[service], credentials, requestHandler };
}

export interface AwsCall {
  service: 'sts' | 's3';
  keys: AwsKeys;
  method?: string;
  /** Encoded; a query must be in canonical order. */
  path?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  region?: string;
  /** The signed headers; all by default. */
  names?: string[];
  /** The service in the credential scope. */
  scopeService?: string;
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The format of `x-amz-date`. */
export const amzDate = (milliseconds: number) =>
  new Date(milliseconds).toISOString().replaceAll(/[-:]|\.\d+/g, '');

/** Signs as "Create a signed AWS API request" describes. */
export function signedAws(emulator: Emulator, options: AwsCall) {
  const { service, keys, method = 'POST', path = '/', body = '', region = 'us-east-1' } = options;
  const headers: Record<string, string> = {
    host: new URL(emulator.urls[service]).host,
    'x-amz-date': amzDate(emulator.world.now()),
    'x-amz-security-token': keys.sessionToken,
    ...(service === 's3'
      ? { 'x-amz-content-sha256': sha256(body) }
      : { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
    ...options.headers,
  };
  const names = options.names ?? Object.keys(headers).sort();
  const [pathname = '', query = ''] = path.split('?');
  const payload = headers['x-amz-content-sha256'] ?? sha256(body);
  const lines = names.map((name) => `${name}:${headers[name]?.trim()}\n`).join('');
  const canonical = [method, pathname, query, lines, names.join(';'), payload].join('\n');
  const date = headers['x-amz-date'] ?? '';
  const scope = [date.slice(0, 8), region, options.scopeService ?? service, 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, text).toString('hex');
  const credential = `Credential=${keys.accessKeyId}/${scope.join('/')}`;
  headers['authorization'] =
    `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { service, method, path, headers, body };
}

export type AwsRequest = ReturnType<typeof signedAws>;

export function sendAws(emulator: Emulator, { service, path, ...rest }: AwsRequest): Promise<Response> {
  return call(emulator, `${emulator.urls[service]}${path}`, rest);
}

/** Changes a header after the request was signed; undefined removes it. */
export function withHeader(request: AwsRequest, name: string, value: string | undefined): AwsRequest {
  const { [name]: _, ...headers } = request.headers;
  return { ...request, headers: value === undefined ? headers : { ...headers, [name]: value } };
}

/** The journal has no secret. Short ones, such as a test's 'x', occur everywhere. */
export function journaledSecrets({ journal, secrets }: Emulator): string[] {
  const text = JSON.stringify(journal);
  return secrets().filter((secret) => secret.length > 8 && text.includes(secret));
}

export function expectStsRefusal(
  emulator: Emulator,
  response: Response,
  [status, code]: readonly [number, string],
  message: string | RegExp,
): void {
  expect([response.status, field(response, 'Code')]).toEqual([status, code]);
  expect(field(response, 'Message')).toMatch(message);
  expect(response.body.toString()).not.toContain('<Credentials>');
  expect(field(response, 'RequestId')).toBe(response.headers['x-amzn-requestid']);
  expect(emulator.journal.at(-1)?.reason).toContain(code);
  expect(journaledSecrets(emulator)).toEqual([]);
}
