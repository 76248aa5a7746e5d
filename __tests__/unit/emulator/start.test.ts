import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { startEmulator } from '../../../emulator/server/start.ts';
import { modeOf } from '../profiles/tree.ts';
import { itWithShell, itWithSignals } from '../systems-with.ts';
import { askGithub, basic, exchange, login, send, signed } from './client.ts';

describe('the emulator', () => {
  it('accepts a login with the service user and the secret of the settings', async () => {
    const serviceUser = { id: 'mine', ocid: 'ocid1.user.oc1..mine', serviceUser: true };
    const emulator = await startEmulator({ world: { serviceUser, clientSecret: 'known' } });
    expect(emulator.inputs).toMatchObject({ region: 'us-ashburn-1', 'client-secret': 'known' });
    expect(await login(emulator)).toMatch(/^ey/);
    await emulator.close();
  });

  it('leaves neither a listener nor a file after close, even with open connections', async () => {
    const emulator = await startEmulator();
    const directory = dirname(emulator.caFile);
    expect([modeOf(statSync(directory)), readdirSync(directory)]).toEqual(['700', ['ca.pem']]);
    emulator.faults.add({ service: 'github', fault: { kind: 'stall-before-headers' } });
    const waiting = expect(askGithub(emulator)).rejects.toMatchObject({ code: 'ECONNRESET' });
    while (emulator.journal.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // A connection without a TLS handshake.
    const silent = connect(Number(new URL(emulator.urls.oci).port), '127.0.0.1');
    silent.on('error', () => silent.destroy());
    await once(silent, 'connect');
    await emulator.close();
    await waiting;
    expect(existsSync(directory)).toBe(false);
    const again = connect(Number(new URL(emulator.urls.github).port), '127.0.0.1');
    await expect(once(again, 'connect')).rejects.toThrow();
  });

  it('is not trusted by clients without its CA', async () => {
    const emulator = await startEmulator();
    const socket = connectTls({ port: Number(new URL(emulator.urls.github).port), host: '127.0.0.1' });
    await expect(once(socket, 'secureConnect')).rejects.toThrow(/certificate/);
    await emulator.close();
  });

  it('writes every request to the journal, in order and without secrets', async () => {
    let now = 1_800_000_000_000;
    const emulator = await startEmulator({ clock: () => now });
    const token = await login(emulator);
    now += 1000;
    await send(emulator, signed(emulator, { method: 'GET', path: '/n/?a=b', token }));
    await exchange(emulator, {}, { Authorization: basic(emulator, { secret: 'a-wrong-secret' }) });
    const [github, ...others] = emulator.journal.map(({ requestId, ...entry }) => entry);
    const audience = 'https://cloud.oracle.com';
    expect(github).toEqual({
      service: 'github',
      method: 'GET',
      path: '/_services/token',
      status: 200,
      at: now - 1000,
      audience,
    });
    const domain = { service: 'domain', method: 'POST', path: '/oauth2/v1/token' };
    expect(others).toEqual([
      { ...domain, status: 200, at: now - 1000 },
      { service: 'oci', method: 'GET', path: '/n/', status: 200, at: now },
      { ...domain, status: 401, at: now, reason: 'wrong client secret' },
    ]);
    const secrets = emulator.secrets();
    const expected = [token, emulator.inputs['client-secret'], emulator.world.requestToken, 'a-wrong-secret'];
    expect(secrets).toEqual(expect.arrayContaining(expected));
    expect(secrets).toHaveLength(5);
    expect(secrets.filter((secret) => JSON.stringify(emulator.journal).includes(secret))).toEqual([]);
    await emulator.close();
  });
});

describe('npm run emulator', () => {
  itWithSignals.each(['SIGINT', 'SIGTERM'] as const)(
    'prints how to use it and removes its files on %s',
    async (signal) => {
      const child = spawn(process.execPath, ['emulator/server/cli.ts'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      const exit = once(child, 'exit');
      while (!text.includes('node dist/main.js')) await once(child.stdout, 'data');
      const caFile = /^export NODE_EXTRA_CA_CERTS='(.*)'$/m.exec(text)?.[1] ?? '';
      expect(existsSync(caFile)).toBe(true);
      expect(text).toMatch(/^export OCI_EMULATOR_ENDPOINT='https:\/\/localhost:\d+'$/m);
      expect(text).toMatch(/^# {2}'INPUT_AWS-STS-ENDPOINT=https:\/\/localhost:\d+' \\$/m);
      expect(text).toMatch(/'INPUT_DOMAIN-URL=https:\/\/localhost:\d+' \\$/m);
      child.kill(signal);
      expect(await exit).toEqual([0, null]);
      expect(existsSync(dirname(caFile))).toBe(false);
    },
  );

  itWithShell('ends when the shell that started it is killed', async () => {
    const command = `"${process.execPath}" emulator/server/cli.ts; true`;
    const shell = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    shell.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    while (!text.includes('node dist/main.js')) await once(shell.stdout, 'data');
    shell.kill('SIGKILL');
    await once(shell.stdout, 'close'); // the emulator has it open, too
    const caFile = /^export NODE_EXTRA_CA_CERTS='(.*)'$/m.exec(text)?.[1] ?? '';
    expect(existsSync(dirname(caFile))).toBe(false);
  });
});
