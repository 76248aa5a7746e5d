// The registry below `/v2/`: its challenge, and then a real registry, or one without repositories.
// Source: OCI Distribution Specification.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type EmulatorRequest, type EmulatorResponse, json, pathOf, single } from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { refuse, registryError } from './responses.ts';
import { allows, type RegistryToken, TOKEN_PATH, verifyToken } from './tokens.ts';

const REPOSITORY = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//;
/** Of one connection (RFC 9110 section 7.6.1), and what the server of the emulator sets itself. */
const OWN_HEADERS = ['connection', 'transfer-encoding', 'content-length', 'date', 'keep-alive'];

/** @throws {RefusedRequest} for a path that is not of a registry */
export async function handleRegistry(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  if (!pathOf(request).startsWith('/v2/')) throw refuse('nameUnknown', 'no such operation');
  const { registryUrl } = world.settings;
  if (registryUrl !== undefined) return passOn(request, registryUrl);
  const name = REPOSITORY.exec(pathOf(request))?.[1];
  const action = ['GET', 'HEAD'].includes(request.method) ? 'pull' : 'push';
  try {
    const token = await authenticate(request, world);
    if (name === undefined) return json(200, {});
    throw allows(token, name, action) ? refuse('nameUnknown') : refuse('denied', 'token: not for this');
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    const scope = name === undefined ? '' : `repository:${name}:${action === 'pull' ? 'pull' : 'pull,push'}`;
    return registryError(serviceError(error, world), challenge(request, scope));
  }
}

/** Realm and registry have one origin, that by which the client calls. */
function challenge(request: EmulatorRequest, scope: string): string {
  const host = hostOf(request);
  const rest = scope === '' ? '' : `,scope="${scope}"`;
  return `Bearer realm="https://${host}${TOKEN_PATH}",service="${host}"${rest}`;
}

function hostOf(request: EmulatorRequest): string {
  return single(request, 'host') ?? '';
}

async function authenticate(request: EmulatorRequest, world: World): Promise<RegistryToken> {
  const jwt = /^Bearer (\S+)$/i.exec(single(request, 'authorization') ?? '')?.[1];
  if (jwt === undefined) throw refuse('noToken', 'no bearer token');
  const result = await verifyToken(jwt, world);
  if (!result.ok) throw refuse('noToken', result.reason);
  if (result.token.service !== hostOf(request)) throw refuse('noToken', 'token: for another service');
  return result.token;
}

async function passOn(request: EmulatorRequest, origin: string): Promise<EmulatorResponse> {
  const { method, target, body } = request;
  const headers = { ...withoutOwn(request.headers), 'x-forwarded-proto': 'https' };
  const length = body.length > 0 || method !== 'GET' ? { 'content-length': body.length } : {};
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      `${origin}${target}`,
      { method, headers: { ...headers, ...length } },
      (incoming) => {
        responseOf(incoming, method).then(resolve, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function responseOf(incoming: IncomingMessage, method: string): Promise<EmulatorResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  // The server takes Content-Length from the body, which it does not send in the response to HEAD.
  const length = Number(incoming.headers['content-length'] ?? 0);
  const body = method === 'HEAD' ? Buffer.alloc(length) : Buffer.concat(chunks);
  const entries = Object.entries(withoutOwn(incoming.headersDistinct));
  return {
    status: incoming.statusCode ?? 502,
    headers: Object.fromEntries(entries.map(([name, value]) => [name, [value].flat().join(', ')])),
    body,
  };
}

/** One value as text: Node takes no list for `Host`. */
function withoutOwn(
  headers: Readonly<Record<string, readonly string[] | undefined>>,
): Record<string, string | string[]> {
  const entries = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name));
  return Object.fromEntries(
    entries.map(([name, values = []]) => [name, values.length === 1 ? (values[0] ?? '') : [...values]]),
  );
}
