// Verifies an AWS signature, version 4, made with credentials that this world's STS issued.
// Source: "Create a signed AWS API request". Must not know what the request asks for, nor how its service refuses.
import { createHmac } from 'node:crypto';
import { type EmulatorRequest, sameSecret, single } from '../server/message.ts';
import type { World } from '../server/world.ts';
import type { AwsSession } from './aws-session.ts';
import { canonicalRequest, hashOf } from './sigv4-canonical.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const LARGEST_SKEW_MS = 5 * 60_000;

export interface SigV4Scope {
  service: string;
  region: string;
}

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

type Denied = { ok: false; fault: SigV4Fault; reason: string };

export type SigV4Result = { ok: true; session: AwsSession } | Denied;

interface Authorization {
  accessKeyId: string;
  day: string;
  region: string;
  service: string;
  names: string[];
  signature: string;
}

/** `payload` is the last line of the canonical request: a digest, or a word that stands for one. */
export function verifySigV4(
  request: EmulatorRequest,
  scope: SigV4Scope,
  payload: string,
  world: World,
): SigV4Result {
  const header = single(request, 'authorization');
  if (header === undefined) {
    return no('missing', 'no authorization');
  }
  const given = readAuthorization(header);
  const date = single(request, 'x-amz-date') ?? '';
  if (!given || !/^\d{8}T\d{6}Z$/.test(date)) {
    return no('malformed', given ? 'no x-amz-date' : 'authorization cannot be read');
  }
  const fault = scopeFault(given, scope, date) ?? skewFault(date, world);
  if (fault) {
    return fault;
  }
  const session = sessionOf(request, given, world);
  if (!session.ok) {
    return session;
  }
  const refused =
    coverageFault(request, given.names) ?? signatureFault(request, given, date, payload, session.session);
  return refused ?? session;
}

/** As `x-amz-date` writes a moment. */
export function amzDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

function readAuthorization(header: string): Authorization | undefined {
  const pattern =
    /^AWS4-HMAC-SHA256 +Credential=(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, *SignedHeaders=([\w;-]+), *Signature=([0-9a-f]{64})$/;
  const [, accessKeyId = '', day = '', region = '', service = '', names = '', signature] =
    pattern.exec(header) ?? [];
  return signature === undefined
    ? undefined
    : { accessKeyId, day, region, service, names: names.split(';'), signature };
}

function scopeFault(given: Authorization, scope: SigV4Scope, date: string): Denied | undefined {
  if (given.service !== scope.service) {
    return no('scope', 'scope: wrong service');
  }
  if (given.region !== scope.region) {
    return no('scope', 'scope: wrong region');
  }
  return given.day === date.slice(0, 8) ? undefined : no('scope', 'scope: not the day of x-amz-date');
}

function skewFault(date: string, world: World): Denied | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const moment = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Written so that a date that does not exist, which is NaN, counts as stale.
  return Math.abs(world.now() - moment) <= LARGEST_SKEW_MS
    ? undefined
    : no('skew', 'date: more than five minutes off');
}

function sessionOf(request: EmulatorRequest, { accessKeyId }: Authorization, world: World): SigV4Result {
  const token = single(request, 'x-amz-security-token') ?? '';
  if (token !== '') {
    world.secrets.add(token);
  }
  const session = world.awsSessions.get(accessKeyId);
  if (!session) {
    return no('unknown-key', 'unknown access key');
  }
  if (!sameSecret(token, session.sessionToken)) {
    return no('token', 'no or wrong session token');
  }
  return world.now() < session.expires ? { ok: true, session } : no('expired', 'the session has expired');
}

/** Headers that AWS gives a meaning to must be signed, lest somebody on the way add one. */
function coverageFault(request: EmulatorRequest, names: readonly string[]): Denied | undefined {
  const meaningful = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'));
  const missing = ['host', 'x-amz-date', ...meaningful].find((name) => !names.includes(name));
  if (missing !== undefined) {
    return no('coverage', `coverage: ${missing} is not signed`);
  }
  const absent = names.find((name) => request.headers[name] === undefined);
  return absent === undefined ? undefined : no('coverage', `coverage: ${absent} is not there`);
}

function signatureFault(
  request: EmulatorRequest,
  given: Authorization,
  date: string,
  payload: string,
  session: AwsSession,
): Denied | undefined {
  const { day, region, service, names, signature } = given;
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = [ALGORITHM, date, scope, hashOf(canonicalRequest(request, names, payload))].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${session.secretAccessKey}`,
  );
  return sameSecret(hmac(key, text).toString('hex'), signature)
    ? undefined
    : no('signature', 'signature: does not verify');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function no(fault: SigV4Fault, reason: string): Denied {
  return { ok: false, fault, reason };
}
