// A request and an answer as plain values, so that handlers need no socket.
// Knows HTTP's vocabulary; must not know any of the five services.
import { createHash, timingSafeEqual } from 'node:crypto';

export type Service = 'github' | 'domain' | 'oci' | 'sts' | 's3';

export interface EmulatorRequest {
  method: string;
  /** Path and query exactly as received: a request signature covers these very bytes. */
  target: string;
  /** Names in lower case; a header that came twice has two values. */
  headers: Readonly<Record<string, readonly string[]>>;
  body: Buffer;
  /** What the answer carries too: AWS repeats it inside the body. */
  requestId: string;
}

export interface EmulatorResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** Why it was refused, for the journal: the check that bit, never a secret. */
  reason?: string;
  /** GitHub only: the audience asked for. */
  audience?: string;
}

/** The one value of a header, or undefined if it is absent or came more than once. */
export function single(request: EmulatorRequest, name: string): string | undefined {
  const values = request.headers[name];
  return values?.length === 1 ? values[0] : undefined;
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

/** Compares without telling through time how far two values agree; digests first, since lengths may differ. */
export function sameSecret(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** RFC 9110 section 5.6.7, the preferred form of an HTTP date. */
export function httpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}

/** Standard base64 with padding, on one line, or undefined: Buffer.from would skip over anything else. */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}
