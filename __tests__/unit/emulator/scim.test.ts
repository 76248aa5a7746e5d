import { describe, expect, it } from '@jest/globals';
import { call } from './client.ts';
import {
  app,
  dynamicGroup,
  fresh,
  group,
  messageId,
  patch,
  RULES,
  startTestDomain,
  trust,
  USER_EXTENSION,
  user,
} from './scim-client.ts';

const { emulator, clock, scim, made, set, madeTrust } = await startTestDomain();
const { directory } = emulator.world;
const reason = () => emulator.journal.at(-1)?.reason;

describe('a creation', () => {
  it('returns id, OCIDs, meta and an ETag; the object has them when it is read, too', async () => {
    const { status, json, headers } = await scim('POST', 'Users', user(fresh('user')));
    const { domainOcid, tenancy } = emulator.world.settings;
    expect([status, json['domainOcid'], json['tenancyOcid']]).toEqual([201, domainOcid, tenancy]);
    expect(headers['etag']).toBe(Object(json['meta'])['version']);
    const again = await scim('GET', `Users/${json['id']}`);
    expect([again.json, again.headers['etag']]).toEqual([json, headers['etag']]);
  });

  const taken = { userName: 'Taken', displayName: 'Taken', issuer: 'https://taken.example' };
  it.each<[string, string, () => unknown, number, string]>([
    ['schemas are missing', 'Users', () => ({ userName: 'x' }), 400, 'missingReqAttributes'],
    ['userName is missing', 'Users', () => user('', {}), 400, 'missingReqAttributes'],
    [
      'a member has no type',
      'Groups',
      () => ({ ...group('x'), members: [{ value: 'x' }] }),
      400,
      'missingReqAttributes',
    ],
    [
      'the template is missing',
      'Apps',
      () => app('x', { basedOnTemplate: undefined }),
      400,
      'missingReqAttributes',
    ],
    [
      'the template is unknown',
      'Apps',
      () => app('x', { basedOnTemplate: { value: 'x' } }),
      400,
      'invalidReferenceResource',
    ],
    [
      'an attribute is unknown',
      'Users',
      () => user('x', { username: 'x', nick: 'x' }),
      400,
      'unknownAttribute',
    ],
    [
      'a user without serviceUser has no email',
      'Users',
      () => user('x', { [USER_EXTENSION]: {} }),
      400,
      'primaryEmailNotSpecified',
    ],
    ['userName exists in another case', 'Users', () => user('TAKEN'), 409, 'uniqueness'],
    ['displayName of a group exists', 'Groups', () => group('taken'), 409, 'uniqueness'],
    [
      'a dynamic group has the name of a group',
      'DynamicResourceGroups',
      () => dynamicGroup('taken'),
      409,
      'uniqueness',
    ],
    [
      'a matching rule is malformed',
      'DynamicResourceGroups',
      () => dynamicGroup('x', 'all instances'),
      400,
      'matchingRule',
    ],
    ['a member is unknown', 'Groups', () => group('x', 'unknown'), 400, 'invalidReferenceResource'],
    ['the issuer exists', 'IdentityPropagationTrusts', () => trust(emulator, taken), 400, 'unknownAttribute'],
    [
      'the issuer exists',
      'IdentityPropagationTrusts',
      () => trust(emulator, { issuer: taken.issuer }),
      409,
      'sameIssuer',
    ],
    [
      'oauthClients are missing in a domain that needs them',
      'IdentityPropagationTrusts',
      () => {
        set({ trustNeedsClients: true });
        return trust(emulator, { oauthClients: undefined });
      },
      400,
      'missingReqAttributes',
    ],
    [
      'a client is unknown',
      'IdentityPropagationTrusts',
      () => trust(emulator, { oauthClients: ['x'] }),
      400,
      'invalidReferenceResource',
    ],
    [
      'clientClaimValues are empty',
      'IdentityPropagationTrusts',
      () => trust(emulator, { clientClaimValues: [] }),
      400,
      'clientClaimValues',
    ],
    [
      'the keys cannot be reached',
      'IdentityPropagationTrusts',
      () => trust(emulator, { publicKeyEndpoint: 'https://x.example' }),
      400,
      'publicKeyEndpoint',
    ],
    [
      'a rule names an OCID',
      'IdentityPropagationTrusts',
      () => trust(emulator, { [RULES]: [{ rule: 'sub eq x', value: emulator.world.administrator.ocid }] }),
      400,
      'stringExceedsMaxLimit',
    ],
    [
      'a rule names an unknown user',
      'IdentityPropagationTrusts',
      () => trust(emulator, { [RULES]: [{ rule: 'sub eq x', value: 'x' }] }),
      400,
      'invalidReferenceResource',
    ],
  ])('is refused when %s', async (_, resource, body, status, id) => {
    if (directory.find('Users', 'userName', 'Taken') === undefined) {
      directory.insert('Users', { userName: taken.userName });
      directory.insert('Groups', { displayName: taken.displayName });
      directory.insert('IdentityPropagationTrusts', { issuer: taken.issuer });
    }
    const count = directory.all(resource as 'Users').length;
    const refused = await scim('POST', resource, body());
    expect([refused.status, refused.json['status']]).toEqual([status, String(status)]);
    expect(messageId(refused)).toMatch(new RegExp(`\\.${id}$`));
    expect(directory.all(resource as 'Users')).toHaveLength(count);
  });

  it('ignores read-only attributes', async () => {
    const json = await made('Apps', app(fresh('app'), { clientSecret: 'mine', isOPCService: true }));
    expect(json).toMatchObject({ isOPCService: false, clientSecret: expect.stringMatching(/^idcscs-/) });
  });

  it('says "same issuer already exists" for the second trust of an issuer', async () => {
    const { id } = await madeTrust();
    const issuer = directory.get('IdentityPropagationTrusts', id)?.['issuer'];
    set({ duplicateIssuerStatus: 400 });
    const { status, json } = await scim('POST', 'IdentityPropagationTrusts', trust(emulator, { issuer }));
    expect([status, json['detail']]).toEqual([400, expect.stringContaining('same issuer already exists')]);
  });

  it('is repeated with the same opc-retry-token when the domain honours it', async () => {
    set({ honoursRetryTokens: true });
    const [body, headers] = [user(fresh('user')), { 'opc-retry-token': 'one' }];
    const [first, second] = [
      await scim('POST', 'Users', body, headers),
      await scim('POST', 'Users', body, headers),
    ];
    expect([second.status, second.json['id']]).toEqual([201, first.json['id']]);
    set({ honoursRetryTokens: false });
    expect((await scim('POST', 'Users', body, headers)).status).toBe(409);
  });
});

describe('a request', () => {
  it.each<[string, string, string, number]>([
    ['GET', 'Unknown', '', 404],
    ['GET', 'Users/unknown', '', 404],
    ['GET', 'Users/one/two', '', 404],
    ['POST', 'AppRoles', '{}', 405],
    ['DELETE', 'Settings/Settings', '', 405],
    ['POST', 'Users', '[]', 400],
    ['POST', 'Users', '{', 400],
  ])('%s %s with %j returns %d', async (method, path, body, status) => {
    const { administrator } = emulator.world;
    const headers = { Authorization: `Bearer ${administrator.bearer}`, 'Content-Type': 'application/json' };
    const url = `${emulator.urls.domain}/admin/v1/${path}`;
    expect((await call(emulator, url, { method, headers, ...(body ? { body } : {}) })).status).toBe(status);
  });

  it('to a domain that the settings describe is refused, as that domain has no SCIM API', async () => {
    emulator.world.settings.untouchedDomain = false;
    expect((await scim('GET', 'Users')).status).toBe(404);
    emulator.world.settings.untouchedDomain = true;
  });

  it('with another content type is refused', async () => {
    expect((await scim('POST', 'Users', user('x'), { 'Content-Type': 'text/plain' })).status).toBe(415);
  });

  it('above the rate limit is refused', async () => {
    set({ rateLimit: { perSecond: 1, perMinute: 150, retryAfter: 'none' } });
    const statuses = [(await scim('GET', 'Groups')).status, (await scim('GET', 'Groups')).status];
    expect([...statuses, reason()]).toEqual([200, 429, 'rate limit']);
    clock.now += 1000;
    expect((await scim('GET', 'Groups')).status).toBe(200);
  });
});

describe('the settings of the domain', () => {
  it('keep the previous issuer, on request', async () => {
    const before = (await scim('GET', 'Settings/Settings')).json;
    expect(before).toMatchObject({
      issuer: 'https://identity.oraclecloud.com/',
      signingCertPublicAccess: false,
    });
    await scim(
      'PATCH',
      'Settings/Settings',
      patch({ op: 'replace', path: 'issuer', value: 'https://x.example' }),
    );
    const { json } = await scim('GET', 'Settings/Settings?attributes=issuer,prevIssuer');
    expect(json).toMatchObject({ issuer: 'https://x.example', prevIssuer: before['issuer'] });
    expect((await scim('GET', 'Settings/Settings')).json).not.toHaveProperty('prevIssuer');
  });
});
