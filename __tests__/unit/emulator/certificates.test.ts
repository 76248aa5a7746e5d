import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterEach, expect, it } from '@jest/globals';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../emulator/server/start.ts';
import { call } from './client.ts';

const DOMAIN = 'idcs-0123456789abcdef.identity.oraclecloud.com';
const SERVICES = ['github', 'domain', 'oci', 'sts', 's3'] as const;

let emulator: Emulator;

afterEach(() => emulator.close());

async function start(options: EmulatorOptions): Promise<void> {
  emulator = await startEmulator(options);
}

/** For each service: the status, or the error code of a client that trusts ca.pem. */
async function results() {
  const requests = SERVICES.map(async (service) => [
    service,
    await call(emulator, `${emulator.urls[service]}/`).then(
      ({ status }) => status,
      (error: NodeJS.ErrnoException) => error.code,
    ),
  ]);
  return Object.fromEntries(await Promise.all(requests));
}

/** The certificate of a service for a client that connects to `servername`. */
async function certificateOf(service: keyof Emulator['urls'], servername: string) {
  const { port } = new URL(emulator.urls[service]);
  const ca = readFileSync(emulator.caFile);
  const socket = connect({ port: Number(port), host: '127.0.0.1', ca, servername });
  try {
    await once(socket, 'secureConnect');
    return new X509Certificate(socket.getPeerCertificate().raw);
  } finally {
    socket.destroy();
  }
}

it('a valid certificate is accepted, and an invalid one is refused for its one flaw', async () => {
  await start({ certificates: { github: 'expired', oci: 'other-host', s3: 'unknown-authority' } });
  expect(await results()).toEqual({
    github: 'CERT_HAS_EXPIRED',
    domain: expect.any(Number),
    oci: 'ERR_TLS_CERT_ALTNAME_INVALID',
    sts: expect.any(Number),
    s3: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
  const { subjectAltName } = await certificateOf('oci', 'elsewhere.example');
  expect(subjectAltName).toBe('DNS:elsewhere.example');
});

it('a certificate is valid for `hosts` and localhost, and for no other name', async () => {
  await start({ hosts: { domain: DOMAIN } });
  for (const name of [DOMAIN, 'localhost'])
    await expect(certificateOf('domain', name)).resolves.toBeInstanceOf(X509Certificate);
  await expect(certificateOf('domain', 'idcs-other.identity.oraclecloud.com')).rejects.toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
});
