import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { profileName } from '../../../src/inputs/parsers.ts';
import { listSections } from '../../../src/profiles/ini-text.ts';
import { adviseOnConfigText, profileLines } from '../../../src/profiles/oci-profile.ts';
import {
  isSectionOf,
  ownerOf,
  renderSection,
  settingsDigestOf,
} from '../../../src/profiles/section-target.ts';
import { runs } from './arbitraries.ts';
import { readLikeGo, readLikePython, readLikeTypeScript } from './ini-readers.ts';

const owner = { loginId: '0123456789abcdef', jobId: 'feedc0ffee00' };
const values = {
  tenancy: 'ocid1.tenancy.oc1..aaaa',
  region: 'eu-frankfurt-1',
  fingerprint: '00:aa:bb:cc',
  keyFile: '/home/jürgen r/.oci/sessions/P/oci_api_key.pem',
  tokenFile: '/home/jürgen r/.oci/sessions/P/token',
};
const expectedKeys = {
  tenancy: values.tenancy,
  region: values.region,
  fingerprint: values.fingerprint,
  key_file: values.keyFile,
  security_token_file: values.tokenFile,
};

function rendered(lineEnd: string, name = 'P'): string {
  return Buffer.from(renderSection(name, owner, profileLines(values), lineEnd), 'latin1').toString('utf8');
}

describe('the section of a session', () => {
  const dialects = [
    ['Go', readLikeGo],
    ['Python', readLikePython],
    ['TypeScript', readLikeTypeScript],
  ] as const;
  for (const [client, read] of dialects) {
    for (const lineEnd of ['\n', '\r\n']) {
      it(`has its five keys for clients in ${client}, with line end ${JSON.stringify(lineEnd)}`, () => {
        const text = `[DEFAULT]${lineEnd}user=u${lineEnd}${rendered(lineEnd)}`;
        expect(Object.fromEntries(read(text).get('P') ?? [])).toEqual(expectedKeys);
      });
    }
  }

  it('is one section for every name that the input `profile` allows', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._@-]{1,64}$/), (name) => {
        fc.pre(name !== '.' && name !== '..');
        expect(profileName(name, { platform: 'linux' })).toBe(name);
        const text = renderSection(name, owner, profileLines(values), '\n');
        expect(listSections(text)).toEqual([{ name, start: 0, end: text.length, text }]);
        for (const [, read] of dialects) expect([...read(text).keys()]).toEqual([name]);
      }),
      runs(100),
    );
  });
});

describe('the owner of a section', () => {
  it('is found with each line end', () => {
    expect(ownerOf(rendered('\n'))).toEqual(owner);
    expect(ownerOf(rendered('\r\n'))).toEqual(owner);
  });

  it.each([
    ['not found in a section without a marker', '[P]\nuser=x\n'],
    ['not found in a value', '[P]\nx=# oci-wif-action login 12 of job 34\n'],
    ['not found in an incomplete marker', '[P]\n# oci-wif-action login 12\n'],
  ])('is %s', (_title, text) => {
    expect(ownerOf(text)).toBeUndefined();
  });
});

describe('a section without comments', () => {
  const { loginId } = owner;
  const role = ['aws_access_key_id = ASIA1', 'aws_secret_access_key = x'];
  const written = (lines: readonly string[]) => renderSection('P', owner, lines, '\n');
  const isOurs = (lines: readonly string[], text: string) =>
    isSectionOf({ loginId, settingsDigest: settingsDigestOf(loginId, written(lines)) }, text);
  const bare = (lines: readonly string[]) => written(lines).replace(/^#.*\n/m, '');

  it.each<[string, readonly string[], (text: string) => string]>([
    ['of OCI', profileLines(values), (text) => text],
    ['of OCI, printed by a parser', profileLines(values), (text) => text.replaceAll('=', ' : ')],
    [
      'of OCI, for another home and region',
      profileLines(values),
      (text) => text.replaceAll(/home|region/g, 'x'),
    ],
    ['of AWS', role, (text) => text],
    ['of AWS, with blanked keys and another setting', role, (text) => text.replace('= x', '=  \nregion = x')],
    ['with a region only', ['region = x'], (text) => text.replaceAll(' = ', '=')],
  ])('is that of its login: %s', (_what, lines, edit) => {
    expect(ownerOf(bare(lines))).toBeUndefined();
    expect(isOurs(lines, edit(bare(lines)))).toBe(true);
  });

  it.each<[string, readonly string[], string]>([
    ['another key', profileLines(values), bare(profileLines({ ...values, fingerprint: 'other' }))],
    ['another access key', role, bare(['aws_access_key_id = ASIA2'])],
    ['more than the region', ['region = x'], bare(['region = x', 'sso_session = y'])],
    ['no settings', ['region = x'], '[P]\n'],
  ])('is not that of a login with %s', (_what, lines, text) => {
    expect(isOurs(lines, text)).toBe(false);
  });

  it('is not that of the login in the comment of another one', () => {
    const text = renderSection('P', { ...owner, loginId: 'b2' }, role, '\n');
    expect(isOurs(role, text)).toBe(false);
  });
});

describe('advice on a config', () => {
  const advise = (text: string, profile = 'P') => adviseOnConfigText(text, profile);

  it.each([
    ['an empty file', '', 'DEFAULT'],
    ['a profile beside [DEFAULT] with other keys', '[DEFAULT]\nuser=u\nregion=r\n', 'P'],
    ['[DEFAULT] alone', '[DEFAULT]\nuser=u\n', 'DEFAULT'],
  ])('is empty for %s', (_title, text, profile) => {
    expect(advise(text, profile)).toEqual([]);
  });

  it.each(['pass_phrase', 'authentication_type', 'key_content'])('names an inherited %s', (key) => {
    expect(advise(`[DEFAULT]\n${key}=x\n`).join()).toContain(key);
    expect(advise(`[A]\n${key}=x\n`)).toEqual([]);
  });

  it.each([
    '[DEFAULT]\npass_phrase: x\n',
    '[DEFAULT]\nPass_Phrase=x\n',
    '[DEFAULT]\n[DEFAULT]\npass_phrase=x\n',
  ])('names an inherited pass phrase in %j', (text) => {
    expect(advise(text)).toEqual([expect.stringContaining('has pass_phrase in [DEFAULT]')]);
  });
});
