// A test client on an instance: reads its metadata, federates its certificate, and signs token exchanges with the result.
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { request } from 'node:http';
import type { Emulator } from '../../../emulator/server/start.ts';
import { type Response, type SignedCall, send, signed, spki } from './client.ts';

/** The key pair of the instance's session. That of `client.ts` is the new one. */
export const sessionPair = generateKeyPairSync('rsa', { modulusLength: 2048 });

export function metadata(
  emulator: Emulator,
  path: string,
  headers: Record<string, string> = { Authorization: 'Bearer Oracle' },
  method = 'GET',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${emulator.urls.metadata}${path}`, { method, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject).end();
  });
}

export interface Identity {
  leaf: X509Certificate;
  leafKey: KeyObject;
  intermediate: X509Certificate;
}

export async function identityOf(emulator: Emulator): Promise<Identity> {
  const read = async (name: string) => (await metadata(emulator, `/opc/v2/identity/${name}.pem`)).text;
  return {
    leaf: new X509Certificate(await read('cert')),
    leafKey: createPrivateKey(await read('key')),
    intermediate: new X509Certificate(await read('intermediate')),
  };
}

export interface FederationChanges extends Partial<Omit<SignedCall, 'body'>> {
  identity?: Partial<Identity>;
  /** undefined removes a member. */
  body?: Record<string, unknown>;
}

const colons = (hex: string) => hex.replaceAll(/(..)(?!$)/g, '$1:');

export function fingerprint(certificate: X509Certificate, hash: 'sha1' | 'sha256' = 'sha256'): string {
  return colons(createHash(hash).update(certificate.raw).digest('hex'));
}

/** As the SDK for Go does it, but for the changes. */
export async function federate(emulator: Emulator, changes: FederationChanges = {}): Promise<Response> {
  const { identity, body, ...call } = changes;
  const { leaf, leafKey, intermediate } = { ...(await identityOf(emulator)), ...identity };
  const tenancy = /opc-(?:tenant|identity):(\S+)/.exec(leaf.subject)?.[1];
  const members = {
    certificate: leaf.raw.toString('base64'),
    publicKey: spki(sessionPair.publicKey),
    intermediateCertificates: [intermediate.raw.toString('base64')],
    fingerprintAlgorithm: 'SHA256',
    ...body,
  };
  const options = {
    method: 'POST',
    path: '/v1/x509',
    keyId: `${tenancy}/fed-x509-sha256/${fingerprint(leaf)}`,
    body: JSON.stringify(members),
    names: ['date', '(request-target)', 'content-length', 'content-type', 'x-content-sha256'],
    key: leafKey,
    ...call,
  };
  return send(emulator, signed(emulator, options), 'auth');
}

export async function instanceToken(emulator: Emulator): Promise<string> {
  return String((await federate(emulator)).json['token']);
}

/** A POST to the token endpoint, signed with the session key of the instance, but for the changes. */
export function signedExchange(
  emulator: Emulator,
  form: Record<string, string>,
  changes: Partial<SignedCall>,
): ReturnType<typeof signed> {
  const body = new URLSearchParams(form).toString();
  const { headers, ...rest } = changes;
  return signed(emulator, {
    method: 'POST',
    path: '/oauth2/v1/token',
    body,
    key: sessionPair.privateKey,
    ...rest,
    headers: {
      host: new URL(emulator.urls.domain).host,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  });
}
