// A thin TLS server around one handler: reads the request whole, lets faults in, keeps the journal.
// Must not know what the service does.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import type { FaultList } from '../faults/faults.ts';
import { mutated } from '../faults/mutations.ts';
import { play } from '../faults/wire-faults.ts';
import type { Certificates } from './certificates.ts';
import { bindToLoopback } from './loopback.ts';
import {
  type EmulatorRequest,
  type EmulatorResponse,
  httpDate,
  json,
  pathOf,
  type Service,
} from './message.ts';
import type { JournalEntry } from './request-log.ts';
import { newRequestId, type World } from './world.ts';

export type Handler = (request: EmulatorRequest, world: World) => Promise<EmulatorResponse>;

export interface InputContext {
  service: Service;
  handler: Handler;
  world: World;
  faults: FaultList;
  journal: JournalEntry[];
}

export interface LoopbackServer {
  url: string;
  /** From here on requests are answered; before, they wait. */
  serve(surroundings: InputContext): void;
  close(): Promise<void>;
}

type Exchange = (message: IncomingMessage, response: ServerResponse, raw: Socket) => Promise<void>;

const REQUEST_ID_HEADERS: Readonly<Record<Service, readonly string[]>> = {
  github: ['x-github-request-id'],
  domain: ['opc-request-id', 'X-ORACLE-DMS-ECID'],
  oci: ['opc-request-id'],
  sts: ['x-amzn-RequestId'],
  s3: ['x-amz-request-id', 'x-amz-id-2'],
};

/** Listens on loopback only, on a free port; the name in its URL is `localhost`. */
export async function openServer({ cert, key }: Certificates): Promise<LoopbackServer> {
  const server = createServer({ cert, key });
  const { port, rawOf, close } = await bindToLoopback(server);
  return {
    url: `https://localhost:${port}`,
    serve(surroundings) {
      const exchange = exchangeIn(surroundings);
      server.on('request', (message, response) => {
        // A client that goes away in the middle is no fault of ours.
        exchange(message, response, rawOf(message.socket)).catch(() => message.socket.destroy());
      });
    },
    close,
  };
}

function exchangeIn({ service, handler, world, faults, journal }: InputContext): Exchange {
  return async (message, response, raw) => {
    const target = message.url ?? '/';
    const requestId = newRequestId(service);
    const request = {
      method: message.method ?? '',
      target,
      headers: distinct(message),
      body: Buffer.alloc(0),
      requestId,
    };
    const entry: JournalEntry = {
      service,
      method: request.method,
      path: pathOf(request),
      status: 0,
      requestId,
      at: world.now(),
    };
    journal.push(entry);
    response.setHeader('Date', httpDate(world.now()));
    for (const name of REQUEST_ID_HEADERS[service]) {
      response.setHeader(name, requestId);
    }
    const fault = faults.takeWireFault(service);
    if (fault) {
      entry.reason = `fault: ${fault.kind}`;
      message.resume();
      entry.status = play(fault, { service, requestId }, response, raw);
      return;
    }
    const answer = await answerOf({ ...request, body: await bodyOf(message) });
    note(entry, answer);
    send(response, answer);
  };

  async function answerOf(request: EmulatorRequest): Promise<EmulatorResponse> {
    try {
      return await mutated(await handler(request, world), service, faults, world);
    } catch (error) {
      // A defect of the emulator itself: named, so that nobody looks for it in the client.
      const reason = `emulator defect: ${error instanceof Error ? error.message : 'unknown'}`;
      return { ...json(500, { code: 'InternalServerError', message: reason }), reason };
    }
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function distinct(message: IncomingMessage): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(message.headersDistinct).map(([name, values]) => [name, values ?? []]),
  );
}

function note(entry: JournalEntry, { status, reason, audience }: EmulatorResponse): void {
  entry.status = status;
  if (reason !== undefined) {
    entry.reason = reason;
  }
  if (audience !== undefined) {
    entry.audience = audience;
  }
}

/** Content-Length stands for HEAD as well, and is forbidden with 204 (RFC 9110 section 8.6). */
function send(response: ServerResponse, { status, headers, body }: EmulatorResponse): void {
  response.writeHead(status, status === 204 ? headers : { ...headers, 'Content-Length': body.length });
  response.end(body);
}
