// The server of one service: reads each request, injects faults, calls the handler and writes the journal.
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import type { FaultList } from '../faults/faults.ts';
import { mutateResponse } from '../faults/response-mutations.ts';
import { injectWireFault } from '../faults/wire-faults.ts';
import type { Certificates } from './certificates.ts';
import { bindToLoopback } from './loopback.ts';
import {
  type AnyService,
  type EmulatorRequest,
  type EmulatorResponse,
  httpDate,
  type JournalEntry,
  json,
  pathOf,
} from './message.ts';
import { newRequestId, type World } from './world.ts';

export type Handler = (request: EmulatorRequest, world: World) => Promise<EmulatorResponse>;

interface ServiceContext {
  service: AnyService;
  handler: Handler;
  world: World;
  faults: FaultList;
  journal: JournalEntry[];
}

export interface LoopbackServer {
  url: string;
  /** Starts to handle requests. Earlier requests wait. */
  serve(context: ServiceContext): void;
  close(): Promise<void>;
}

const REQUEST_ID_HEADERS: Readonly<Record<AnyService, readonly string[]>> = {
  github: ['x-github-request-id'],
  domain: ['opc-request-id', 'X-ORACLE-DMS-ECID'],
  oci: ['opc-request-id'],
  sts: ['x-amzn-RequestId'],
  s3: ['x-amz-request-id', 'x-amz-id-2'],
  iam: ['opc-request-id'],
  'github-api': ['x-github-request-id'],
  'aws-iam': ['x-amzn-RequestId'],
  oke: ['opc-request-id'],
  cluster: ['Audit-Id'],
  ocir: ['opc-request-id'],
  ci: ['x-request-id'],
  metadata: [],
  auth: ['opc-request-id'],
  workload: ['opc-request-id'],
};
/** Cluster tokens can be longer than Node's default of 16 KiB for all headers; the API server of Kubernetes takes this much. */
const MAX_HEADER_BYTES = 1024 * 1024;

/**
 * Listens on a free port of the loopback interface only; the host in its URL is `localhost`.
 * @param certificates undefined for a server without TLS
 */
export async function openServer(certificates: Certificates | undefined): Promise<LoopbackServer> {
  const options = { maxHeaderSize: MAX_HEADER_BYTES };
  const server = certificates
    ? createServer({ cert: certificates.cert, key: certificates.key, ...options })
    : createPlainServer(options);
  const { port, rawOf, close } = await bindToLoopback(server);
  return {
    url: `${certificates ? 'https' : 'http'}://localhost:${port}`,
    serve(context) {
      server.on('request', (message, response) => {
        // The client may disconnect at any time.
        handleMessage(context, message, response, rawOf(message.socket)).catch(() =>
          message.socket.destroy(),
        );
      });
    },
    close,
  };
}

async function handleMessage(
  context: ServiceContext,
  message: IncomingMessage,
  response: ServerResponse,
  raw: Socket,
): Promise<void> {
  const { service, world, faults } = context;
  const requestId = newRequestId(service);
  const request: EmulatorRequest = {
    method: message.method ?? '',
    target: message.url ?? '/',
    headers: distinctHeaders(message),
    body: Buffer.alloc(0),
    requestId,
  };
  const { method } = request;
  const entry: JournalEntry = {
    service,
    method,
    path: pathOf(request),
    status: 0,
    requestId,
    at: world.now(),
  };
  context.journal.push(entry);
  response.setHeader('Date', httpDate(world.now()));
  for (const name of REQUEST_ID_HEADERS[service]) response.setHeader(name, requestId);
  const fault = faults.takeWireFault(service);
  if (fault) {
    entry.reason = `fault: ${fault.kind}`;
    message.resume();
    entry.status = injectWireFault(fault, { service, requestId, world }, response, raw);
    return;
  }
  const result = await respond(context, { ...request, body: await readBody(message) });
  const { status, headers, body, reason, audience, action } = result;
  Object.assign(
    entry,
    { status },
    reason === undefined ? {} : { reason },
    audience === undefined ? {} : { audience },
    action === undefined ? {} : { action },
  );
  // HEAD has Content-Length too; 204 must not have it (RFC 9110 section 8.6).
  response.writeHead(status, status === 204 ? headers : { ...headers, 'Content-Length': body.length });
  response.end(body);
}

async function respond(
  { service, handler, world, faults }: ServiceContext,
  request: EmulatorRequest,
): Promise<EmulatorResponse> {
  try {
    return await mutateResponse(await handler(request, world), service, faults, world);
  } catch (error) {
    // A defect of the emulator itself, named so that nobody searches for it in the client.
    const reason = `emulator defect: ${error instanceof Error ? error.message : 'unknown'}`;
    return { ...json(500, { code: 'InternalServerError', message: reason }), reason };
  }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function distinctHeaders(message: IncomingMessage): Record<string, readonly string[]> {
  const entries = Object.entries(message.headersDistinct);
  return Object.fromEntries(entries.map(([name, values]) => [name, values ?? []]));
}
