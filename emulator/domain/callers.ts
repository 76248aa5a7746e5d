// Who calls the token endpoint: an OAuth client with its secret, or an OCI principal that signs the request.
import type { Principal } from '../oci/request-signature.ts';
import { type EmulatorRequest, single, strictBase64 } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { type Client, clientWith, isKnownClient } from './clients.ts';
import { refuse } from './responses.ts';
import { authenticateSigner } from './signers.ts';

export type Caller = { client: Client } | { signer: Principal };

/** @throws {RefusedRequest} unless the request has exactly one authentication, which is valid */
export async function authenticateCaller(
  request: EmulatorRequest,
  form: URLSearchParams,
  world: World,
): Promise<Caller> {
  const given = (request.headers['authorization'] ?? []).join(', ');
  const isSigned = isSignedRequest(request);
  if (isSigned && /(^|, *)Basic /i.test(given))
    throw refuse('twoAuthentications', 'both Basic and Signature');
  return isSigned
    ? { signer: await authenticateSigner(request, form, world) }
    : { client: authenticateClient(request, world) };
}

export function isSignedRequest({ headers }: EmulatorRequest): boolean {
  return /(^|, *)Signature /i.test((headers['authorization'] ?? []).join(', '));
}

/** RFC 6749 section 2.3.1, without its percent-encoding: Oracle's SDKs send id and secret as they are. */
function authenticateClient(request: EmulatorRequest, world: World): Client {
  const basic = /^Basic (\S+)$/i.exec(single(request, 'authorization') ?? '')?.[1] ?? '';
  const pair = strictBase64(basic)?.toString('utf8') ?? '';
  const secret = pair.slice(pair.indexOf(':') + 1);
  if (secret !== '') world.secrets.add(secret);
  const client = clientWith(pair, world);
  if (client) return client;
  throw refuse('clientRejected', isKnownClient(pair, world) ? 'wrong client secret' : 'no or unknown client');
}
