import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../emulator/server/start.ts';
import { call } from './client.ts';

const DOMAIN = 'idcs-0123456789abcdef.identity.oraclecloud.com';
const SERVICES = ['github', 'domain', 'oci', 'sts', 's3'] as const;

let emulator: Emulator | undefined;

async function start(options: EmulatorOptions): Promise<Emulator> {
  emulator = await startEmulator(options);
  return emulator;
}

afterEach(() => emulator?.close());

/** What a client that trusts ca.pem makes of each service: the error's code, or the status. */
async function verdicts(running: Emulator) {
  const asked = SERVICES.map(async (service) => [
    service,
    await call(running, `${running.urls[service]}/`).then(
      ({ status }) => status,
      (error: NodeJS.ErrnoException) => error.code,
    ),
  ]);
  return Object.fromEntries(await Promise.all(asked));
}

/** The certificate that a service presents to a client that asks for `servername`. */
async function presented(running: Emulator, service: keyof Emulator['urls'], servername: string) {
  const { port } = new URL(running.urls[service]);
  const ca = readFileSync(running.caFile);
  const socket = connect({ port: Number(port), host: '127.0.0.1', ca, servername });
  try {
    await once(socket, 'secureConnect');
    return new X509Certificate(socket.getPeerCertificate().raw);
  } finally {
    socket.destroy();
  }
}

describe('a flawed certificate', () => {
  it.each([
    ['unknown-authority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['other-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)(
    '%s is refused with the service that presents it, and the others are not',
    async (flaw, code) => {
      const good = await verdicts(await start({}));
      expect(Object.values(good)).toEqual(SERVICES.map(() => expect.any(Number)));
      await emulator?.close();
      expect(await verdicts(await start({ certificates: { domain: flaw } }))).toEqual({
        ...good,
        domain: code,
      });
    },
  );

  it('may differ from service to service', async () => {
    const running = await start({
      certificates: { github: 'expired', oci: 'other-host', s3: 'unknown-authority' },
    });
    expect(await verdicts(running)).toEqual({
      github: 'CERT_HAS_EXPIRED',
      domain: expect.any(Number),
      oci: 'ERR_TLS_CERT_ALTNAME_INVALID',
      sts: expect.any(Number),
      s3: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  it('of another host is good for that host', async () => {
    const running = await start({ certificates: { oci: 'other-host' }, hosts: { domain: DOMAIN } });
    const { subjectAltName } = await presented(running, 'oci', 'elsewhere.example');
    expect(subjectAltName).toBe('DNS:elsewhere.example');
  });

  it('expired yesterday', async () => {
    const running = await start({});
    const { validFromDate, validToDate } = new X509Certificate(running.certificates.flawed('expired').cert);
    const day = 86_400_000;
    expect(validFromDate.getTime()).toBeLessThan(validToDate.getTime());
    expect(Math.abs(Date.now() - day - validToDate.getTime())).toBeLessThan(day / 2);
  });
});

describe('further hosts', () => {
  it('are names the good certificate holds for, beside those of the loopback', async () => {
    const running = await start({
      hosts: { domain: DOMAIN, oci: 'objectstorage.us-ashburn-1.oraclecloud.com' },
    });
    for (const name of [DOMAIN, 'objectstorage.us-ashburn-1.oraclecloud.com', 'localhost']) {
      await expect(presented(running, 'domain', name)).resolves.toBeInstanceOf(X509Certificate);
    }
    await expect(presented(running, 'domain', 'idcs-other.identity.oraclecloud.com')).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('are unknown unless they were given', async () => {
    const running = await start({});
    await expect(presented(running, 'domain', DOMAIN)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
});
