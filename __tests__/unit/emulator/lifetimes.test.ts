import { expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { startEmulator } from '../../../emulator/server/start.ts';
import { accessToken, askSts, assume, assumeForm, field, sendAws, signedAws } from './aws-client.ts';
import { askGithub, exchange, exchangeForm, jobToken, login, send, signed } from './client.ts';

const START = Date.UTC(2030, 0, 1);

it('with lifetimeScale 1/60, every token expires sixty times earlier, and is refused from then on', async () => {
  let now = START;
  const emulator = await startEmulator({ clock: () => now, world: { lifetimeScale: 1 / 60 } });
  const jwt = await jobToken(emulator);
  const token = await login(emulator);
  const access = await accessToken(emulator);
  const keys = await assume(emulator, { DurationSeconds: '900' });
  const lifetimes = [jwt, emulator.world.requestToken, token, access].map((text) => {
    const { iat = 0, exp = 0 } = decodeJwt(text);
    return exp - iat;
  });
  expect(lifetimes).toEqual([5, 370, 60, 60]);
  const requests: [name: string, lifetime: number, request: () => Promise<{ status: number }>][] = [
    ['id token', 5, () => exchange(emulator, exchangeForm(jwt))],
    [
      'role session',
      15,
      () => sendAws(emulator, signedAws(emulator, { service: 's3', method: 'GET', keys })),
    ],
    ['session token', 60, () => send(emulator, signed(emulator, { method: 'GET', path: '/n/', token }))],
    // AWS grants five minutes more, here five seconds.
    ['access token', 65, () => askSts(emulator, assumeForm(emulator, access))],
    ['request token', 370, () => askGithub(emulator)],
  ];
  for (const [name, lifetime, request] of requests) {
    now = START + (lifetime - 1) * 1000;
    expect([name, (await request()).status]).toEqual([name, 200]);
    now = START + lifetime * 1000;
    expect([name, (await request()).status]).not.toEqual([name, 200]);
  }
  now = START;
  const short = { ...assumeForm(emulator, await accessToken(emulator)), DurationSeconds: '15' };
  expect(field(await askSts(emulator, short), 'Code')).toBe('ValidationError');
  await emulator.close();
});

it('with upstEndsWithJwt, a UPST expires with the JWT that was exchanged', async () => {
  let now = START;
  const emulator = await startEmulator({ clock: () => now, world: { upstEndsWithJwt: true } });
  const jwt = await jobToken(emulator);
  now += 100_000;
  const { json } = await exchange(emulator, exchangeForm(jwt));
  await emulator.close();
  const { iat, exp } = decodeJwt(String(json['token']));
  expect([iat, exp]).toEqual([START / 1000 + 100, decodeJwt(jwt).exp]);
});
