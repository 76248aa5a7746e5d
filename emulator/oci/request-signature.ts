// Verifies the HTTP signature of a request to an OCI API: with a registered API key, or with the key of a session token.
// Source: "Request Signatures" (draft-cavage-http-signatures-08).
import { createHash, type KeyObject, verify } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { verifySessionToken } from '../domain/session-token.ts';
import { type EmulatorRequest, pathOf, single, strictBase64 } from '../server/message.ts';
import type { World } from '../server/world.ts';

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const BODY_HEADERS = ['content-length', 'content-type', 'x-content-sha256'];
/** Object Storage allows PutObject to stream: the signature need not cover the body. */
const PUT_OBJECT = /^\/n\/[^/]+\/b\/[^/]+\/o\/./;
const MAX_SKEW_MS = 5 * 60_000;

export interface Principal {
  user: string;
  tenancy: string;
  /** Of a resource session. */
  isResource: boolean;
  /** Of its session token; none for an API key. */
  claims: JWTPayload;
}

type KeyResult = ({ ok: true; key: KeyObject } & Principal) | { ok: false; reason: string };

export type SignatureResult = { ok: true; principal: Principal } | { ok: false; reason: string };

export interface Signature {
  keyId: string;
  names: string[];
  bytes: Buffer;
}

/** What a service demands of signatures. */
export interface SignatureRules {
  /** Names that the signature must cover, besides those of the body. */
  covered: readonly string[];
  /** Of these, one must be covered. */
  dates: readonly string[];
}

const API_RULES: SignatureRules = { covered: ['(request-target)', 'host'], dates: ['date', 'x-date'] };

export async function verifyRequest(
  request: EmulatorRequest,
  world: World,
  rules = API_RULES,
): Promise<SignatureResult> {
  const signature = readAuthorization(single(request, 'authorization') ?? '');
  if (typeof signature === 'string') return { ok: false, reason: signature };
  const session = await keyOf(signature.keyId, world);
  if (!session.ok) return session;
  const reason = signedRequestFault(request, signature, session.key, world, rules);
  return reason === undefined ? { ok: true, principal: principalOf(session) } : { ok: false, reason };
}

function principalOf({ user, tenancy, isResource, claims }: Principal): Principal {
  return { user, tenancy, isResource, claims };
}

/** The first check that a request fails, of those that need no more than the key. */
export function signedRequestFault(
  request: EmulatorRequest,
  signature: Signature,
  key: KeyObject,
  world: World,
  rules = API_RULES,
): string | undefined {
  return (
    coverageFault(request, signature.names, rules) ??
    signatureFault(request, signature, key) ??
    bodyFault(request, signature.names) ??
    dateFault(request, signature.names, world)
  );
}

/** `ST$<session token>`, or `<tenancy>/<user>/<fingerprint>` of an API key. */
async function keyOf(keyId: string, world: World): Promise<KeyResult> {
  if (keyId.startsWith('ST$')) {
    const token = keyId.slice('ST$'.length);
    world.secrets.add(token);
    return verifySessionToken(token, world);
  }
  const [tenancy = '', user = '', fingerprint, ...rest] = keyId.split('/');
  if (fingerprint === undefined || rest.length > 0) {
    return { ok: false, reason: 'authorization: keyId is not a session token' };
  }
  const key = world.apiKeys.get(keyId);
  return key === undefined
    ? { ok: false, reason: `authorization: keyId is the API key ${keyId}` }
    : { ok: true, key, tenancy, user, isResource: false, claims: {} };
}

/** Oracle's SDKs differ in the order of the parameters and in the spaces after commas. */
export function readAuthorization(header: string): Signature | string {
  const list = /^Signature +([A-Za-z]+="[^"]*"(?:, *[A-Za-z]+="[^"]*")*)$/.exec(header)?.[1];
  if (list === undefined) return 'authorization: no signature';
  const pairs = [...list.matchAll(/([A-Za-z]+)="([^"]*)"/g)];
  const parameters = new Map(pairs.map(([, name = '', value = '']) => [name, value]));
  if (parameters.size !== pairs.length) return 'authorization: parameter given twice';
  if (parameters.get('version') !== '1') return 'authorization: wrong version';
  if (parameters.get('algorithm') !== 'rsa-sha256') return 'authorization: wrong algorithm';
  const keyId = parameters.get('keyId') ?? '';
  const bytes = strictBase64(parameters.get('signature') ?? '');
  if (!bytes) return 'authorization: signature is not base64';
  const names = (parameters.get('headers') ?? '').toLowerCase().split(' ');
  return { keyId, names, bytes };
}

function coverageFault(
  request: EmulatorRequest,
  names: readonly string[],
  { covered, dates }: SignatureRules,
): string | undefined {
  const required = [...covered, ...(bodyMustBeCovered(request) ? BODY_HEADERS : [])];
  const missing = required.find((name) => !names.includes(name));
  if (missing !== undefined) return `coverage: ${missing} is not signed`;
  if (!dates.some((name) => names.includes(name))) {
    return dates.length > 1 ? 'coverage: neither date nor x-date is signed' : 'coverage: date is not signed';
  }
  const absent = names.find((name) => name !== '(request-target)' && single(request, name) === undefined);
  return absent === undefined ? undefined : `coverage: ${absent} is missing or repeated`;
}

function bodyMustBeCovered(request: EmulatorRequest): boolean {
  const streamed = request.method === 'PUT' && PUT_OBJECT.test(pathOf(request));
  return METHODS_WITH_BODY.has(request.method) && !streamed;
}

/** Section 2.3 of the draft: names in lower case, in the order of `headers`, no newline at the end. */
function signingString(request: EmulatorRequest, names: readonly string[]): string {
  const target = `${request.method.toLowerCase()} ${request.target}`;
  return names
    .map((name) => `${name}: ${name === '(request-target)' ? target : single(request, name)}`)
    .join('\n');
}

export function signatureFault(
  request: EmulatorRequest,
  signature: Signature,
  key: KeyObject,
): string | undefined {
  const text = Buffer.from(signingString(request, signature.names));
  return verify('sha256', text, key, signature.bytes) ? undefined : 'signature: does not verify';
}

/** The signature covers the digest only: the body itself must be compared with it. */
function bodyFault(request: EmulatorRequest, names: readonly string[]): string | undefined {
  const digest = createHash('sha256').update(request.body).digest('base64');
  if (names.includes('x-content-sha256') && single(request, 'x-content-sha256') !== digest) {
    return 'body: x-content-sha256 does not match';
  }
  return names.includes('content-length') && single(request, 'content-length') !== String(request.body.length)
    ? 'body: content-length does not match'
    : undefined;
}

/** Only a signed date counts: the TypeScript SDK sends an unsigned `date` in addition to its `x-date`. */
function dateFault(request: EmulatorRequest, names: readonly string[], world: World): string | undefined {
  const dates = ['date', 'x-date'].filter((name) => names.includes(name));
  // The comparison also fails for a malformed date, which is NaN.
  const fresh = (name: string) =>
    Math.abs(world.now() - Date.parse(single(request, name) ?? '')) <= MAX_SKEW_MS;
  return dates.every(fresh) ? undefined : 'date: more than five minutes off';
}
