// HTTP requests and responses as plain values, so that handlers need no socket.
import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * `github` is the OIDC issuer, `github-api` the REST API; `oci` is Object Storage, `iam` OCI's IAM, `aws-iam` that of AWS;
 * `oke` is Kubernetes Engine, `cluster` the API server of its clusters, `ocir` the Container Registry; `metadata` is the metadata
 * service of an instance, `auth` the federation service, `workload` the proxy in a cluster that gives pods their tokens.
 */
export const SERVICES = [
  'github',
  'domain',
  'oci',
  'sts',
  's3',
  'iam',
  'github-api',
  'aws-iam',
  'oke',
  'cluster',
  'ocir',
  'metadata',
  'auth',
  'workload',
] as const;

export type Service = (typeof SERVICES)[number];

/** `ci` is the issuer of another CI system, which a test starts when it needs one. */
export type AnyService = Service | 'ci';

export type PerService<T> = Record<Service, T>;

export function mapServices<T>(map: (service: Service) => T): PerService<T> {
  return Object.fromEntries(SERVICES.map((service) => [service, map(service)])) as PerService<T>;
}

export interface EmulatorRequest {
  method: string;
  /** Path and query exactly as received: a request signature covers these bytes. */
  target: string;
  /** Names in lower case; a repeated header has several values. */
  headers: Readonly<Record<string, readonly string[]>>;
  body: Buffer;
  /** The response has it too: in a header, and with AWS also in the body. */
  requestId: string;
}

export interface EmulatorResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** The check that refused the request, for the journal. Never contains a secret. */
  reason?: string;
  /** Issuers only: the audience of the issued token. */
  audience?: string;
  /** AWS IAM only: the action, which is not in the path. */
  action?: string;
}

/** One line of the emulator's request log. Never contains a token, a secret or a query. */
export interface JournalEntry {
  service: AnyService;
  method: string;
  /** Without the query. */
  path: string;
  /** 0 until the response begins, and if it never does. */
  status: number;
  requestId: string;
  /** Milliseconds since the epoch, by the clock of the world. */
  at: number;
  /** The check that refused the request, or the injected fault. */
  reason?: string;
  /** Issuers only: the audience of the issued token. */
  audience?: string;
  /** AWS IAM only: the action, which is not in the path. */
  action?: string;
}

/** The value of a header, or undefined if the header is missing or repeated. */
export function single(request: EmulatorRequest, name: string): string | undefined {
  const values = request.headers[name];
  return values?.length === 1 ? values[0] : undefined;
}

export function isForm(request: EmulatorRequest): boolean {
  const type = single(request, 'content-type') ?? '';
  return /^application\/x-www-form-urlencoded(\s*;\s*charset=utf-8)?$/i.test(type);
}

export function noContent(status: number, headers: Record<string, string> = {}): EmulatorResponse {
  return { status, headers, body: Buffer.alloc(0) };
}

export function pathOf(request: EmulatorRequest): string {
  return request.target.split('?', 1)[0] ?? '';
}

export function queryOf(request: EmulatorRequest): URLSearchParams {
  const mark = request.target.indexOf('?');
  return new URLSearchParams(mark < 0 ? '' : request.target.slice(mark + 1));
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): EmulatorResponse {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body };
}

/** The members of a JSON object, or undefined for another body. */
export function parseObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Compares in constant time. The digests make the lengths equal. */
export function sameSecret(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** Keeps a malformed escape sequence as it is. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 9110 section 5.6.7, the preferred form of an HTTP date. */
export function httpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}

/** Standard base64 with padding, on one line, or undefined: Buffer.from ignores other characters. */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}
