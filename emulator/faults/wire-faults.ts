// Injects a fault into an open connection: resets, stalls, and responses that a client must not accept.

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { awsIamError, refuse as awsIamRefusal } from '../aws-iam/responses.ts';
import { metadataError, refuseFederation, refuseMetadata } from '../compute/responses.ts';
import { refuse as domainRefusal, oauthErrorResponse } from '../domain/responses.ts';
import { REFUSALS as GITHUB, githubError } from '../github/responses.ts';
import { restError, refuse as restRefusal } from '../github/rest-responses.ts';
import { refuse as iamRefusal } from '../iam/responses.ts';
import { ciError, DOCUMENT_REFUSALS } from '../issuers/responses.ts';
import { ociError } from '../oci/api-errors.ts';
import { apiError } from '../oci/responses.ts';
import { refuse as ocirRefusal, registryError } from '../ocir/responses.ts';
import { refuse as okeRefusal, refuseInCluster, refuseWorkload, statusError } from '../oke/responses.ts';
import { s3ErrorResponse, refuse as s3Refusal } from '../s3/responses.ts';
import { scimError } from '../scim/responses.ts';
import { type AnyService, type EmulatorResponse, httpDate } from '../server/message.ts';
import { serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { stsErrorResponse, refuse as stsRefusal } from '../sts/responses.ts';
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
  service: AnyService;
  requestId: string;
  world: World;
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
      const { status, code, message: text = 'An injected fault.' } = fault;
      const error = { status, code, text };
      return send(response, status, 'text/xml', stsErrorResponse(error, request.requestId).body);
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
function ownError({ service, requestId, world }: RequestInfo, status: number): EmulatorResponse {
  switch (service) {
    case 'github':
      return githubError(GITHUB.unavailable, world);
    case 'domain':
      return domainError(status, world);
    case 'oci':
      return apiError('InternalServerError', world);
    case 'sts': {
      const name = status === 401 || status === 403 ? 'accessDenied' : 'unavailable';
      return stsErrorResponse(serviceError(stsRefusal(name), world), requestId);
    }
    case 's3':
      return s3ErrorResponse(serviceError(s3Refusal('unavailable'), world), requestId);
    case 'iam':
      return ociError(serviceError(iamRefusal(status === 429 ? 'tooManyRequests' : 'internal'), world));
    case 'oke':
      return ociError(serviceError(okeRefusal(status === 429 ? 'tooManyRequests' : 'internal'), world));
    case 'cluster':
      return statusError(serviceError(refuseInCluster(status === 401 ? 'unauthorized' : 'internal'), world));
    case 'ci':
      return ciError({ ...DOCUMENT_REFUSALS.unavailable, status }, world);
    case 'ocir':
      return registryError(
        serviceError(ocirRefusal(status === 429 ? 'tooManyRequests' : 'unavailable'), world),
      );
    case 'metadata':
      return metadataError(serviceError(refuseMetadata(status === 404 ? 'noPath' : 'internal'), world));
    case 'auth':
      return ociError(serviceError(refuseFederation(status < 500 ? 'notAuthenticated' : 'internal'), world));
    case 'workload':
      return ociError(serviceError(refuseWorkload(status < 500 ? 'unauthorized' : 'internal'), world));
    case 'github-api':
      return restError(serviceError(restRefusal(status === 429 ? 'secondaryLimit' : 'unavailable'), world));
    case 'aws-iam':
      return awsIamError(
        serviceError(awsIamRefusal(status < 500 ? 'throttled' : 'unavailable'), world),
        requestId,
      );
  }
}

function domainError(status: number, world: World): EmulatorResponse {
  if (status === 404) return scimError('notFound', '', world);
  const name = status === 401 ? 'clientRejected' : 'unavailable';
  return oauthErrorResponse(serviceError(domainRefusal(name, ''), world));
}
