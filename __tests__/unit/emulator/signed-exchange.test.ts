import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Trust, WorldSettings } from '../../../emulator/server/start.ts';
import { exchangeForm, jobToken, type SignedCall, send } from './client.ts';
import { instanceToken, signedExchange } from './instance-client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator } = await startTestEmulator();

const TYPE = 'github-acme';
const trust = (changes: Partial<Trust> = {}): Partial<WorldSettings> => ({
  trusts: [{ subjectType: 'Resource', impersonatingResource: TYPE, oauthClients: [], ...changes }],
});

async function rpstForm() {
  const requested = { requested_token_type: 'urn:oci:token-type:oci-rpst', res_type: TYPE };
  return { ...exchangeForm(await jobToken(emulator)), ...requested };
}

async function exchangeSigned(changes: Partial<SignedCall> = {}) {
  const token = await instanceToken(emulator);
  return send(emulator, signedExchange(emulator, await rpstForm(), { token, ...changes }), 'domain');
}

describe('an exchange that an instance signs', () => {
  it('returns a resource session that has nothing of the instance', async () => {
    Object.assign(emulator.world.settings, trust());
    const response = await exchangeSigned();
    expect([response.status, Object.keys(response.json)]).toEqual([200, ['token']]);
    const claims = decodeJwt(String(response.json['token']));
    expect(claims).toMatchObject({ ptype: 'res', res_type: TYPE, tenant: emulator.inputs.tenancy });
    expect(JSON.stringify(claims)).not.toContain(emulator.world.settings.instance.id);
  });
});
