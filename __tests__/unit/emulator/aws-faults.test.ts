import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { type AnswerMutation, type Emulator, startEmulator } from '../../../emulator/server/start.ts';
import { accessToken, askDomain, askSts, assumeForm, field } from './aws-client.ts';
import { call } from './client.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const last = () => emulator.journal.at(-1);

describe('a changed access token', () => {
  async function changed(kind: AnswerMutation['kind']): Promise<string> {
    emulator.faults.add({ service: 'domain', fault: { kind, of: 'access-token' } });
    const { json } = await askDomain(emulator);
    expect(last()?.reason).toBe(`fault: ${kind}`);
    return String(json['access_token']);
  }

  it.each([
    ['not-yet-valid', 'iat', (value: unknown) => Number(value) > Date.now() / 1000 + 3000],
    ['expired', 'exp', (value: unknown) => Number(value) < Date.now() / 1000 - 3000],
    ['other-audience', 'aud', (value: unknown) => value === 'https://elsewhere.example'],
    ['other-tenancy', 'iss', (value: unknown) => value === 'https://elsewhere.example'],
  ] as const)('says something else under a good signature: %s', async (kind, claim, isChanged) => {
    const honest = decodeJwt(String((await askDomain(emulator)).json['access_token']));
    const token = await changed(kind);
    const claims = decodeJwt(token);
    // At the time of issue by its own account, so that nothing but the signature is in question.
    const currentDate = new Date((claims.iat ?? 0) * 1000);
    await jwtVerify(token, emulator.world.domainKey.publicKey, { currentDate });
    expect([isChanged(honest[claim]), isChanged(claims[claim])]).toEqual([false, true]);
  });

  it('is signed with a key that nobody publishes', async () => {
    const token = await changed('other-key');
    expect(decodeProtectedHeader(token).kid).toBe('other');
    await expect(jwtVerify(token, emulator.world.domainKey.publicKey)).rejects.toThrow('signature');
  });

  it('is a number, or of two parts', async () => {
    expect(await changed('wrong-type')).toMatch(/^\d+$/);
    emulator.faults.clear();
    expect((await changed('not-a-jwt')).split('.')).toHaveLength(2);
  });
});

describe('a changed answer of STS', () => {
  async function changed(kind: AnswerMutation['kind']) {
    emulator.faults.add({ service: 'sts', fault: { kind } });
    const answer = await askSts(emulator, assumeForm(emulator, await accessToken(emulator)));
    expect([answer.status, last()?.reason]).toEqual([200, `fault: ${kind}`]);
    return answer;
  }

  it('has an empty session token, or none', async () => {
    expect((await changed('empty-token')).body.toString()).toContain('<SessionToken></SessionToken>');
    emulator.faults.clear();
    const answer = await changed('no-token');
    expect(answer.body.toString()).not.toContain('SessionToken');
    expect(field(answer, 'AccessKeyId')).toMatch(/^ASIA/);
  });

  it('is over, or ends at no time', async () => {
    expect(Date.parse(field(await changed('expired'), 'Expiration'))).toBeLessThan(Date.now());
    emulator.faults.clear();
    expect(field(await changed('wrong-type'), 'Expiration')).toMatch(/^\d+$/);
  });

  it('is for a role of another account', async () => {
    expect(field(await changed('other-tenancy'), 'Arn')).toMatch(/^arn:aws:sts::999999999999:assumed-role\//);
  });

  it('is called something else', async () => {
    expect((await changed('wrong-content-type')).headers['content-type']).toBe('text/html');
  });

  it('waits for one that carries credentials', async () => {
    emulator.faults.add({ service: 'sts', fault: { kind: 'expired' } });
    expect((await call(emulator, `${emulator.urls.sts}/`)).status).toBe(405);
    expect(last()?.reason).not.toMatch(/fault/);
  });
});
