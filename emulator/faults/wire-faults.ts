// Injects a fault into an open connection: resets, stalls, and responses that a client must not accept.

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { scimError } from '../domain/responses.ts';
import { s3ErrorResponse } from '../s3/responses.ts';
import { AwsError } from '../server/aws-xml.ts';
import { type EmulatorResponse, httpDate, json, type Service } from '../server/message.ts';
import { stsErrorResponse } from '../sts/responses.ts';
import type { WireFault } from './faults.ts';

const OVERSIZED_BYTES = 30 * 1024 * 1024;
/** About 130 kB when compressed. */
const BOMB_BYTES = 128 * 1024 * 1024;
const JSON_TYPE = 'application/json';
const TRUNCATED_JSON = '{"count":1200,"token":"eyJhbGciOiJSUzI1NiIsImtpZCI6ImFzdyJ9.eyJzdWIiOiJvY2lkMS51c2Vy';
const HTML =
  '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the guest network.</body></html>';

let compressedBomb: Buffer | undefined;

/** Compressed once: it blocks every service of this process for a second or more. */
function gzipBomb(): Buffer {
  compressedBomb ??= gzipSync(Buffer.alloc(BOMB_BYTES, ' '));
  return compressedBomb;
}

interface RequestInfo {
  service: Service;
  requestId: string;
}

/**
 * @param raw the TCP connection below TLS: only there can a reset be sent
 * @returns the status that the client sees, 0 for none
 */
export function injectWireFault(
  fault: WireFault,
  request: RequestInfo,
  response: ServerResponse,
  raw: Socket,
): number {
  const ok = (type: string, body: string | Buffer, headers = {}) => send(response, 200, type, body, headers);
  switch (fault.kind) {
    case 'status':
      return sendStatus(fault, request, response);
    case 'sts-error': {
      const error = new AwsError(fault.status, fault.code, fault.message ?? 'An injected fault.');
      return send(response, fault.status, 'text/xml', stsErrorResponse(error, request.requestId).body);
    }
    case 'redirect':
      return send(response, fault.status, 'text/plain', '', { Location: fault.location });
    case 'reset-before-headers':
      raw.resetAndDestroy();
      return 0;
    case 'stall-before-headers':
      return 0;
    case 'stall-inside-headers':
      response.socket?.write('HTTP/1.1 200 OK\r\nContent-Type: applic');
      return 0;
    case 'reset-inside-body':
      sendPart(response, () => raw.resetAndDestroy());
      return 200;
    case 'stall-inside-body':
      sendPart(response, () => undefined);
      return 200;
    case 'html':
      return ok('text/html', HTML);
    case 'truncated-json':
      return ok(JSON_TYPE, TRUNCATED_JSON);
    case 'empty-body':
      return ok(JSON_TYPE, '');
    case 'oversized':
      return ok(JSON_TYPE, `{"token":"${'A'.repeat(OVERSIZED_BYTES)}"}`);
    case 'gzip-bomb':
      return ok(JSON_TYPE, gzipBomb(), { 'Content-Encoding': 'gzip' });
  }
}

function sendStatus(
  fault: WireFault & { kind: 'status' },
  request: RequestInfo,
  response: ServerResponse,
): number {
  const { status, body, contentType, retryAfterDate } = fault;
  const headers = { ...fault.headers };
  if (retryAfterDate !== undefined) {
    // Relative to the response's own Date, and so to the clock of the world.
    const sent = Date.parse(String(response.getHeader('Date')));
    headers['Retry-After'] = httpDate(sent + retryAfterDate * 1000);
  }
  const own = ownError(request, status);
  const type = body === undefined ? own.headers['Content-Type'] : JSON_TYPE;
  return send(response, status, contentType ?? type ?? JSON_TYPE, body ?? own.body, headers);
}

function send(
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

/** Sends less than Content-Length says; calls `then` after that. */
function sendPart(response: ServerResponse, then: () => void): void {
  response.writeHead(200, { 'Content-Type': JSON_TYPE, 'Content-Length': 2000 });
  response.write(TRUNCATED_JSON, then);
}

/** Body and content type of the service's own error with this status. */
function ownError({ service, requestId }: RequestInfo, status: number): EmulatorResponse {
  switch (service) {
    case 'github':
      return json(status, { message: 'The service is unavailable.' });
    case 'domain':
      return domainError(status);
    case 'oci':
      return json(status, { code: 'InternalServerError', message: 'Internal error occurred.' });
    case 'sts':
      return stsErrorResponse(
        status === 401 || status === 403
          ? new AwsError(status, 'AccessDenied', 'Access denied.')
          : new AwsError(503, 'ServiceUnavailable', 'Service Unavailable'),
        requestId,
      );
    case 's3': {
      const error = new AwsError(503, 'ServiceUnavailable', 'Service is unable to handle request.');
      return s3ErrorResponse(error, requestId);
    }
  }
}

function domainError(status: number): EmulatorResponse {
  switch (status) {
    case 401:
      return json(status, { error: 'invalid_client', error_description: 'Client authentication failed.' });
    case 404:
      return scimError(404, 'Resource not found.', '');
    default:
      return json(status, { error: 'server_error', error_description: 'The service is unavailable.' });
  }
}
