import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { startEmulator } from '../../../emulator/server/start.ts';
import { askGithub, basic, exchange, exchangeForm, jobToken, login, send, signed } from './client.ts';

describe('the emulator', () => {
  it('offers what a step needs', async () => {
    const emulator = await startEmulator({ world: { region: 'eu-frankfurt-1', clientSecret: 'known' } });
    expect(emulator.env).toEqual({
      ACTIONS_ID_TOKEN_REQUEST_URL: `${emulator.urls.github}/_services/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: emulator.world.requestToken,
      NODE_EXTRA_CA_CERTS: emulator.caFile,
    });
    expect(emulator.inputs).toMatchObject({ region: 'eu-frankfurt-1', 'client-secret': 'known' });
    expect(emulator.inputs['client-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(emulator.awsInputs).toEqual({
      'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy',
      'aws-region': 'us-east-1',
      'aws-sts-endpoint': emulator.urls.sts,
    });
    expect(emulator.inputs.tenancy).toMatch(/^ocid1\.tenancy\.oc1\.\.aaaa[a-z2-7]{56}$/);
    await emulator.close();
  });

  it('leads its rules to a service user given in the settings', async () => {
    const serviceUser = { id: 'mine', ocid: 'ocid1.user.oc1..mine', serviceUser: true };
    const emulator = await startEmulator({ world: { serviceUser } });
    const answer = await exchange(emulator, exchangeForm(await jobToken(emulator)));
    await emulator.close();
    expect(answer.status).toBe(200);
  });

  it('leaves neither a listener nor a file behind, even with a stalled client', async () => {
    const emulator = await startEmulator();
    const directory = dirname(emulator.caFile);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory)).toEqual(['ca.pem']);
    emulator.faults.add({ service: 'github', fault: { kind: 'stall-before-headers' } });
    const waiting = expect(askGithub(emulator)).rejects.toMatchObject({ code: 'ECONNRESET' });
    while (emulator.journal.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // A client that never begins its handshake must not keep anything open either.
    const silent = connect(Number(new URL(emulator.urls.oci).port), '127.0.0.1');
    silent.on('error', () => silent.destroy());
    await once(silent, 'connect');
    await emulator.close();
    await waiting;
    expect(existsSync(directory)).toBe(false);
    await expect(
      once(connect(Number(new URL(emulator.urls.github).port), '127.0.0.1'), 'connect'),
    ).rejects.toThrow();
  });

  it("removes only its own file from the caller's directory", async () => {
    const caDirectory = mkdtempSync(join(tmpdir(), 'emulator-test-'));
    const emulator = await startEmulator({ caDirectory });
    expect(emulator.caFile).toBe(join(caDirectory, 'ca.pem'));
    await emulator.close();
    expect(readdirSync(caDirectory)).toEqual([]);
    rmSync(caDirectory, { recursive: true });
  });

  it('is trusted by nobody who does not know its authority', async () => {
    const emulator = await startEmulator();
    const socket = connectTls({ port: Number(new URL(emulator.urls.github).port), host: '127.0.0.1' });
    await expect(once(socket, 'secureConnect')).rejects.toThrow(/certificate/);
    await emulator.close();
  });
});

describe('the journal', () => {
  it('tells what was asked, in order, without any secret', async () => {
    let now = 1_800_000_000_000;
    const emulator = await startEmulator({ clock: () => now });
    const token = await login(emulator);
    now += 1000;
    await send(emulator, signed(emulator, { method: 'GET', path: '/n/?a=b', token }));
    await exchange(
      emulator,
      {},
      { headers: { Authorization: basic(emulator, { secret: 'a-wrong-secret' }) } },
    );
    expect(emulator.journal.map(({ requestId, ...entry }) => entry)).toEqual([
      {
        service: 'github',
        method: 'GET',
        path: '/_services/token',
        status: 200,
        at: now - 1000,
        audience: 'https://cloud.oracle.com',
      },
      { service: 'domain', method: 'POST', path: '/oauth2/v1/token', status: 200, at: now - 1000 },
      { service: 'oci', method: 'GET', path: '/n/', status: 200, at: now },
      {
        service: 'domain',
        method: 'POST',
        path: '/oauth2/v1/token',
        status: 401,
        at: now,
        reason: 'wrong client secret',
      },
    ]);
    const written = JSON.stringify(emulator.journal);
    expect(emulator.secrets()).toEqual(
      expect.arrayContaining([
        token,
        emulator.inputs['client-secret'],
        emulator.world.requestToken,
        'a-wrong-secret',
      ]),
    );
    expect(emulator.secrets()).toHaveLength(5);
    expect(emulator.secrets().filter((secret) => written.includes(secret))).toEqual([]);
    await emulator.close();
  });
});

describe('the command line', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('says how to use it and tidies up on %s', async (signal) => {
    const child = spawn(process.execPath, ['emulator/server/cli.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    const exit = once(child, 'exit');
    while (!text.includes('node dist/main.js')) {
      await once(child.stdout, 'data');
    }
    const caFile = /^export NODE_EXTRA_CA_CERTS='(.*)'$/m.exec(text)?.[1] ?? '';
    expect(existsSync(caFile)).toBe(true);
    expect(text).toMatch(/^export OCI_EMULATOR_ENDPOINT='https:\/\/localhost:\d+'$/m);
    expect(text).toMatch(/^export AWS_ENDPOINT_URL_S3='https:\/\/localhost:\d+'$/m);
    expect(text).toMatch(/^# {2}'INPUT_AWS-STS-ENDPOINT=https:\/\/localhost:\d+' \\$/m);
    expect(text).toMatch(/'INPUT_DOMAIN-URL=https:\/\/localhost:\d+' \\$/m);
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
    expect(existsSync(dirname(caFile))).toBe(false);
  });
});
