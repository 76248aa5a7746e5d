// Verifies an AWS Signature Version 4 that was made with credentials of this world's STS.
// Source: "Create a signed AWS API request".
import { createHash, createHmac } from 'node:crypto';
import { type EmulatorRequest, pathOf, sameSecret, single } from '../server/message.ts';
import type { World } from '../server/world.ts';
import type { RoleSession } from './role-session.ts';

const MAX_SKEW_MS = 5 * 60_000;

export interface SigV4Scope {
  service: string;
  region: string;
}

/** Each service has its own error for each fault. */
export type SigV4Fault =
  | 'missing'
  | 'malformed'
  | 'scope'
  | 'skew'
  | 'unknown-key'
  | 'token'
  | 'expired'
  | 'coverage'
  | 'signature';

type Failure = { ok: false; fault: SigV4Fault; reason: string };

export type SigV4Result = { ok: true; session: RoleSession } | Failure;

interface Authorization {
  accessKeyId: string;
  day: string;
  region: string;
  service: string;
  names: string[];
  signature: string;
}

/** @param payload the last line of the canonical request: a digest, or a word such as UNSIGNED-PAYLOAD */
export function verifySigV4(
  request: EmulatorRequest,
  scope: SigV4Scope,
  payload: string,
  world: World,
): SigV4Result {
  const header = single(request, 'authorization');
  if (header === undefined) return failure('missing', 'no authorization');
  const authorization = parseAuthorization(header);
  const date = single(request, 'x-amz-date') ?? '';
  if (!authorization) return failure('malformed', 'authorization cannot be read');
  if (!/^\d{8}T\d{6}Z$/.test(date)) return failure('malformed', 'no x-amz-date');
  const early = checkScope(authorization, scope, date) ?? checkDate(date, world);
  if (early) return early;
  const found = findSession(request, authorization.accessKeyId, world);
  if (!found.ok) return found;
  return (
    checkCoverage(request, authorization.names) ??
    checkSignature(request, authorization, date, payload, found.session) ??
    found
  );
}

/** The format of `x-amz-date`. */
export function amzDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

export function hashOf(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function parseAuthorization(header: string): Authorization | undefined {
  const pattern =
    /^AWS4-HMAC-SHA256 +Credential=(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, *SignedHeaders=([\w;-]+), *Signature=([0-9a-f]{64})$/;
  const [, accessKeyId = '', day = '', region = '', service = '', names = '', signature] =
    pattern.exec(header) ?? [];
  return signature === undefined
    ? undefined
    : { accessKeyId, day, region, service, names: names.split(';'), signature };
}

function checkScope(given: Authorization, scope: SigV4Scope, date: string): Failure | undefined {
  if (given.service !== scope.service) return failure('scope', 'scope: wrong service');
  if (given.region !== scope.region) return failure('scope', 'scope: wrong region');
  return given.day === date.slice(0, 8) ? undefined : failure('scope', 'scope: not the day of x-amz-date');
}

function checkDate(date: string, world: World): Failure | undefined {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  // The comparison also fails for a date that does not exist, which is NaN.
  return Math.abs(world.now() - Date.parse(iso)) <= MAX_SKEW_MS
    ? undefined
    : failure('skew', 'date: more than five minutes off');
}

function findSession(request: EmulatorRequest, accessKeyId: string, world: World): SigV4Result {
  const token = single(request, 'x-amz-security-token') ?? '';
  if (token !== '') world.secrets.add(token);
  const session = world.awsSessions.get(accessKeyId);
  if (!session) return failure('unknown-key', 'unknown access key');
  if (!sameSecret(token, session.sessionToken)) return failure('token', 'no or wrong session token');
  return world.now() < session.expires
    ? { ok: true, session }
    : failure('expired', 'the session has expired');
}

/** All `x-amz-` headers must be signed: otherwise a third party could add one. */
function checkCoverage(request: EmulatorRequest, names: readonly string[]): Failure | undefined {
  const amzHeaders = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'));
  const unsigned = ['host', 'x-amz-date', ...amzHeaders].find((name) => !names.includes(name));
  if (unsigned !== undefined) return failure('coverage', `coverage: ${unsigned} is not signed`);
  const absent = names.find((name) => request.headers[name] === undefined);
  return absent === undefined ? undefined : failure('coverage', `coverage: ${absent} is missing`);
}

function checkSignature(
  request: EmulatorRequest,
  { day, region, service, names, signature }: Authorization,
  date: string,
  payload: string,
  session: RoleSession,
): Failure | undefined {
  const scope = [day, region, service, 'aws4_request'];
  const digest = hashOf(canonicalRequest(request, names, payload));
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), digest].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${session.secretAccessKey}`);
  return sameSecret(hmac(key, text).toString('hex'), signature)
    ? undefined
    : failure('signature', 'signature: does not verify');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function failure(fault: SigV4Fault, reason: string): Failure {
  return { ok: false, fault, reason };
}

function canonicalRequest(request: EmulatorRequest, names: readonly string[], payload: string): string {
  const headers = names.map((name) => `${name}:${canonicalHeader(request, name)}\n`).join('');
  const path = pathOf(request).split('/').map(reencode).join('/');
  return [request.method, path, canonicalQuery(request), headers, names.join(';'), payload].join('\n');
}

function canonicalHeader(request: EmulatorRequest, name: string): string {
  const values = request.headers[name] ?? [];
  return values.map((value) => value.trim().replaceAll(/ +/g, ' ')).join(',');
}

function canonicalQuery({ target }: EmulatorRequest): string {
  const [, query = ''] = /\?(.*)$/s.exec(target) ?? [];
  const pairs = query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.replaceAll('+', '%20').split('=');
      return [reencode(name), reencode(value.join('='))] as const;
    });
  const sorted = pairs.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)));
  return sorted.map((pair) => pair.join('=')).join('&');
}

/** Percent-encodes everything but the unreserved characters of RFC 3986, once, however the client encoded it. */
function reencode(text: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(text)).replaceAll(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    return text;
  }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
