// Plays a fault onto an open connection: resets, stalls, and answers that no client should swallow.
// Must not know what was asked.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { scimError } from '../domain/scim-error.ts';
import { s3Error } from '../s3/responses.ts';
import { type EmulatorResponse, httpDate, json, type Service } from '../server/message.ts';
import { stsError } from '../sts/responses.ts';
import type { WireFault } from './faults.ts';

const OVERSIZED_BYTES = 30 * 1024 * 1024;
/** Some 130 kB on the wire. */
const BOMB_BYTES = 128 * 1024 * 1024;
const JSON_TYPE = 'application/json';
const HTML =
  '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the guest network.</body></html>';

let packed: Buffer | undefined;

/** Packed once: it takes a second or more, in which no service of this process answers. */
function bomb(): Buffer {
  packed ??= gzipSync(Buffer.alloc(BOMB_BYTES, ' '));
  return packed;
}

/** The request as far as an answer repeats it. */
interface Asked {
  service: Service;
  requestId: string;
}

/**
 * Returns the status the client gets to see, 0 for none. `raw` is the TCP connection under TLS:
 * only there can a reset be sent that is not a clean end.
 */
export function play(fault: WireFault, asked: Asked, response: ServerResponse, raw: Socket): number {
  switch (fault.kind) {
    case 'status': {
      const own = breakdown(asked, fault.status);
      const type = fault.body === undefined ? own.headers['Content-Type'] : JSON_TYPE;
      const contentType = fault.contentType ?? type ?? JSON_TYPE;
      return answer(response, fault.status, contentType, fault.body ?? own.body, headersOf(fault, response));
    }
    case 'sts-error': {
      const { message = 'The fault that was ordered.', ...error } = fault;
      const { body } = stsError({ ...error, message }, asked.requestId);
      return answer(response, fault.status, 'text/xml', body);
    }
    case 'redirect':
      return answer(response, fault.status, 'text/plain', '', { Location: fault.location });
    case 'reset-before-headers':
      raw.resetAndDestroy();
      return 0;
    case 'stall-before-headers':
      return 0;
    case 'stall-inside-headers':
      response.socket?.write('HTTP/1.1 200 OK\r\nContent-Type: applic');
      return 0;
    case 'reset-inside-body':
      half(response, () => raw.resetAndDestroy());
      return 200;
    case 'stall-inside-body':
      half(response, () => undefined);
      return 200;
    case 'html':
      return answer(response, 200, 'text/html', HTML);
    case 'truncated-json':
      return answer(response, 200, JSON_TYPE, halfAnswer());
    case 'empty-body':
      return answer(response, 200, JSON_TYPE, '');
    case 'oversized':
      return answer(response, 200, JSON_TYPE, `{"token":"${'A'.repeat(OVERSIZED_BYTES)}"}`);
    case 'gzip-bomb':
      return answer(response, 200, JSON_TYPE, bomb(), {
        'Content-Encoding': 'gzip',
      });
  }
}

function answer(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): number {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': length, ...headers });
  response.end(body);
  return status;
}

/** Promises more than it sends; `then` runs once the first part has left. */
function half(response: ServerResponse, then: () => void): void {
  response.writeHead(200, { 'Content-Type': JSON_TYPE, 'Content-Length': 2000 });
  response.write(halfAnswer(), then);
}

function halfAnswer(): string {
  return '{"count":1200,"token":"eyJhbGciOiJSUzI1NiIsImtpZCI6ImFzdyJ9.eyJzdWIiOiJvY2lkMS51c2Vy';
}

/** Measured from the `Date` of the same answer, hence by the world's clock. */
function headersOf(
  { headers = {}, retryAfterDate }: WireFault & { kind: 'status' },
  response: ServerResponse,
): Record<string, string> {
  if (retryAfterDate === undefined) {
    return headers;
  }
  const sent = Date.parse(String(response.getHeader('Date')));
  return { ...headers, 'Retry-After': httpDate(sent + retryAfterDate * 1000) };
}

/** What the service itself would say: that it has broken down, or in STS's case that it refuses. */
function breakdown({ service, requestId }: Asked, status: number): EmulatorResponse {
  switch (service) {
    case 'github':
      return json(0, { message: 'The service is unavailable.' });
    case 'domain':
      return domainBreakdown(status);
    case 'oci':
      return json(0, { code: 'InternalServerError', message: 'Internal error occurred.' });
    case 'sts':
      return status === 401 || status === 403
        ? stsError({ status, code: 'AccessDenied', message: 'Access denied.' }, requestId)
        : stsError({ status: 503, code: 'ServiceUnavailable', message: 'Service Unavailable' }, requestId);
    case 's3':
      return s3Error(503, 'ServiceUnavailable', 'Service is unable to handle request.', requestId);
  }
}

function domainBreakdown(status: number): EmulatorResponse {
  switch (status) {
    case 401:
      return json(0, { error: 'invalid_client', error_description: 'Client authentication failed.' });
    case 404:
      return scimError(404, 'Resource not found.', '');
    default:
      return json(0, { error: 'server_error', error_description: 'The service is unavailable.' });
  }
}
