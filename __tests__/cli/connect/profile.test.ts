// Which values a profile of the OCI config file has, as the OCI CLI reads it.
import { describe, expect, it } from '@jest/globals';
import { readProfile } from '../../../cli/connect/profile.ts';
import { encode } from '../../../src/profiles/ini-text.ts';

const read = (text: string, name = 'P') =>
  readProfile(encode(text), name, { file: '/x/config', home: '/home/ada' });
const KEY = 'user=u\nfingerprint=f\nkey_file=/k\n';

describe('a profile', () => {
  it('has its own values, and those of [DEFAULT] otherwise', () => {
    const profile = read('[DEFAULT]\ntenancy=t\nregion=r1\nuser=u\n[P]\nregion=r2\n');
    expect(profile).toMatchObject({ tenancy: 't', region: 'r2', user: 'u', fingerprint: undefined });
  });

  it('has paths in the home directory, with any letters', () => {
    const profile = read('[P]\nkey_file = ~/schlüssel.pem\nsecurity_token_file=/a=b\n');
    expect(profile).toMatchObject({ keyFile: '/home/ada/schlüssel.pem', tokenFile: '/a=b' });
  });

  it.each([
    ['a byte order mark and CRLF', '\ufeff[P]\r\nregion=r\r\n'],
    ['another letter case and colons', '[P]\nREGION: r\n'],
    ['comments and blank lines', '# x\n\n[P]\n; y\nregion = r  \n\n'],
    ['two sections, of which the last value counts', '[P]\nregion=q\n[O]\n[P]\nregion=r\n'],
  ])('is read from a file with %s', (_what, text) => {
    expect(read(text).region).toBe('r');
  });

  it.each(['pass_phrase', 'passphrase'])('has a pass phrase that no message shows: %s', (key) => {
    const { passPhrase } = read(`[P]\n${key}=hunter22\n`);
    expect([String(passPhrase), passPhrase?.reveal()]).toEqual(['[redacted]', 'hunter22']);
  });
});

describe('the kind of credentials', () => {
  it.each<[string, string, string | undefined]>([
    ['of an API key', `[P]\n${KEY}`, 'api_key'],
    ['of a session', '[P]\nkey_file=/k\nsecurity_token_file=/t\n', 'security_token'],
    [
      'of a session with the user of [DEFAULT]',
      `[DEFAULT]\n${KEY}[P]\nsecurity_token_file=/t\n`,
      'security_token',
    ],
    [
      'of an API key beside a session in [DEFAULT]',
      `[DEFAULT]\nsecurity_token_file=/t\n[P]\n${KEY}`,
      'api_key',
    ],
    ['of [DEFAULT] alone', `[DEFAULT]\n${KEY}[P]\nregion=r\n`, 'api_key'],
    ['that only the OCI CLI knows', '[P]\nauthentication_type=instance_principal\n', undefined],
    ['of Cloud Shell', `[P]\n${KEY}delegation_token_file=/d\n`, undefined],
  ])('%s', (_what, text, auth) => {
    expect(read(text).auth).toBe(auth);
  });
});
