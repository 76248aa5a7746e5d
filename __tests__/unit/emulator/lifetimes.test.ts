// A world whose hour is a minute: everything that it grants ends sixty times sooner, by an ordinary clock.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { type Emulator, startEmulator } from '../../../emulator/server/start.ts';
import {
  accessToken,
  askDomain,
  askSts,
  assume,
  assumeForm,
  field,
  sendAws,
  signedAws,
} from './aws-client.ts';
import { askGithub, exchange, exchangeForm, jobToken, login, send, signed } from './client.ts';

const START = Date.UTC(2030, 0, 1);

let emulator: Emulator;
let now = START;

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now, world: { lifetimeScale: 1 / 60 } });
});
beforeEach(() => {
  now = START;
});
afterAll(() => emulator.close());

const after = (seconds: number) => {
  now = START + seconds * 1000;
};
const lifeOf = (token: string) => {
  const { iat = 0, exp = 0 } = decodeJwt(token);
  return exp - iat;
};

it("says so in GitHub's token, and holds to it", async () => {
  const jwt = await jobToken(emulator);
  expect(lifeOf(jwt)).toBe(5);
  after(4);
  expect((await exchange(emulator, exchangeForm(jwt))).status).toBe(200);
  after(5);
  expect((await exchange(emulator, exchangeForm(jwt))).json['error']).toBe('invalid_grant');
});

it('says so in the bearer of the job, and holds to it', async () => {
  expect(lifeOf(emulator.world.requestToken)).toBe(370);
  after(369);
  expect((await askGithub(emulator)).status).toBe(200);
  after(370);
  expect((await askGithub(emulator)).status).toBe(401);
});

it('says so in a session token, and holds to it', async () => {
  const token = await login(emulator);
  expect(lifeOf(token)).toBe(60);
  const status = async () => {
    const { status } = await send(emulator, signed(emulator, { method: 'GET', path: '/n/', token }));
    return status;
  };
  after(59);
  expect(await status()).toBe(200);
  after(60);
  expect(await status()).toBe(401);
});

it('says so in an access token, which AWS takes for five seconds more', async () => {
  const token = await accessToken(emulator);
  expect([lifeOf(token), (await askDomain(emulator)).json['expires_in']]).toEqual([60, 60]);
  after(64);
  expect((await askSts(emulator, assumeForm(emulator, token))).status).toBe(200);
  after(65);
  expect(field(await askSts(emulator, assumeForm(emulator, token)), 'Code')).toBe('ExpiredTokenException');
});

it('ends credentials of AWS sooner than was asked, and takes what may be asked as ever', async () => {
  const keys = await assume(emulator, { DurationSeconds: '900' });
  const code = async () => {
    const listing = signedAws(emulator, { service: 's3', method: 'GET', keys });
    return field(await sendAws(emulator, listing), 'Code');
  };
  after(14);
  expect(await code()).toBe('');
  after(15);
  expect(await code()).toBe('ExpiredToken');
  const short = await askSts(emulator, {
    ...assumeForm(emulator, await accessToken(emulator)),
    DurationSeconds: '15',
  });
  expect(field(short, 'Code')).toBe('ValidationError');
});
