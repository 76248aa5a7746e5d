// The client of the SCIM API against the emulated domain: pages, filters, ETags, refusals, lost responses.
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { USER_EXTENSION } from '../../../cli/domain/objects.ts';
import { quoted } from '../../../cli/domain/scim.ts';
import { PUBLIC_HOSTS, startAdministrator } from '../../../emulator/runner/administrator.ts';
import { DEFAULT_SCIM_SETTINGS } from '../../../emulator/scim/settings.ts';
import { startEmulator } from '../../../emulator/server/start.ts';
import { type Call, type CallError, probe, resultOf } from '../probe.ts';

const emulator = await startEmulator({ hosts: PUBLIC_HOSTS, world: { untouchedDomain: true } });
const admin = await startAdministrator(emulator);
afterAll(async () => {
  await admin.end();
  await emulator.close();
});
const { world } = emulator;
afterEach(() => {
  world.settings.scim = DEFAULT_SCIM_SETTINGS;
  emulator.faults.clear();
});

const URL_WITH_PORT = `https://${PUBLIC_HOSTS.domain}:443/ui/v1/adminconsole`;
const scim = (method: string, ...args: unknown[]): Call => ['scim', URL_WITH_PORT, method, ...args];
const run = async (...calls: Call[]) => (await probe(admin.env, [], calls)).results;

/** Requests to the domain while the calls ran, and their errors. */
async function watched(...calls: Call[]) {
  const before = emulator.journal.length;
  const results = await run(...calls);
  const requests = emulator.journal
    .slice(before)
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
  return { results, requests, error: results[0]?.error as CallError };
}

const group = (displayName: string, more = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  displayName,
  ...more,
});

describe('a list', () => {
  it('has the objects of all pages, once each', async () => {
    for (let index = 0; index < 450; index += 1)
      world.directory.insert('Groups', { displayName: `g${index}` });
    const { results, requests } = await watched(scim('list', 'Groups', { attributes: ['displayName'] }));
    const groups = resultOf<{ displayName: string }[]>(results[0]);
    expect(groups.map((one) => one.displayName).toSorted()).toEqual(
      world.directory
        .all('Groups')
        .map((one) => one['displayName'])
        .toSorted(),
    );
    expect(requests).toEqual(Array.from({ length: 3 }, () => 'GET /admin/v1/Groups 200'));
  });

  it('is empty when nothing matches', async () => {
    const filter = 'displayName eq "nobody"';
    expect(await run(scim('list', 'Groups', { filter, attributes: ['id'] }))).toEqual([{ value: [] }]);
  });

  it('finds a value with quotes, backslashes, blanks and letters of every alphabet', async () => {
    const name = 'a "b" \\ c & d=+ ä 語';
    world.directory.insert('Groups', { displayName: name });
    const filter = `displayName eq ${quoted(name)}`;
    expect(await run(scim('list', 'Groups', { filter, attributes: ['displayName'] }))).toMatchObject([
      { value: [{ displayName: name }] },
    ]);
  });

  it('has the attributes that are returned on request only', async () => {
    const user = world.directory.insert('Users', {
      userName: 'svc',
      active: true,
      [USER_EXTENSION]: { serviceUser: true },
    });
    world.directory.insert('Groups', {
      displayName: 'with-member',
      members: [{ value: user.id, type: 'User' }],
    });
    const filter = 'displayName eq "with-member"';
    expect(await run(scim('list', 'Groups', { filter, attributes: ['members', 'meta'] }))).toMatchObject([
      { value: [{ members: [{ value: user.id }], meta: { version: expect.any(String) } }] },
    ]);
  });
});

describe('an object', () => {
  it('is created, changed with its ETag, read and deleted', async () => {
    const [made] = await run(scim('create', 'Groups', group('one')));
    const { id, meta } = resultOf<{ id: string; meta: { version: string } }>(made);
    const change = [{ op: 'replace', path: 'displayName', value: 'two' }];
    expect(
      await run(
        scim('patch', 'Groups', id, change, meta.version),
        scim('get', 'Groups', id, ['displayName']),
        scim('delete', 'Groups', id),
        scim('get', 'Groups', id, ['displayName']),
        scim('delete', 'Groups', id),
      ),
    ).toMatchObject([{ value: { id } }, { value: { displayName: 'two' } }, {}, {}, {}]);
  });

  it('has a function that is no object', async () => {
    const app = world.directory.insert('Apps', {
      displayName: 'a',
      name: 'c',
      isOAuthClient: true,
      clientType: 'confidential',
      active: true,
    });
    const body = {
      schemas: ['urn:ietf:params:scim:schemas:oracle:idcs:AppClientSecretRegenerator'],
      appId: app.id,
    };
    const [made] = await run(scim('call', 'POST', 'AppClientSecretRegenerator', body));
    expect(made).toMatchObject({ value: { clientSecret: expect.stringMatching(/^idcscs-/) } });
  });
});

describe('a refusal tells the caller its status, its messageId and the request ID', () => {
  const taken = world.directory.insert('Groups', { displayName: 'taken' });

  it.each<[string, Call, Partial<CallError>, object]>([
    [
      'an old ETag',
      scim('patch', 'Groups', taken.id, [{ op: 'replace', path: 'displayName', value: 'x' }], 'old'),
      { code: 'CONFLICT' },
      { status: 412 },
    ],
    ['a name that exists', scim('create', 'Groups', group('taken')), { code: 'CONFLICT' }, { status: 409 }],
    [
      'a missing attribute',
      scim('create', 'Groups', {}),
      { code: 'SERVICE_REFUSED' },
      {
        status: 400,
        serviceCode: 'error.common.validation.missingReqAttributes',
        serviceText: expect.stringContaining('Missing required attribute(s): '),
      },
    ],
    [
      'an unknown object',
      scim('patch', 'Groups', 'nobody', [{ op: 'replace', path: 'displayName', value: 'x' }]),
      { code: 'NOT_FOUND' },
      { status: 404 },
    ],
  ])('%s', async (_what, call, error, details) => {
    expect((await watched(call)).error).toMatchObject({
      ...error,
      details: { ...details, requestId: expect.stringMatching(/^\S+$/) },
    });
  });

  it('a role that is missing', async () => {
    const administrators = world.directory.find('Groups', 'displayName', 'Administrators');
    const { id, members } = administrators as { id: string; members: unknown };
    world.directory.update('Groups', id, { members: [] });
    const { error } = await watched(scim('list', 'Apps', { attributes: ['displayName'] }));
    world.settings.scim = { ...DEFAULT_SCIM_SETTINGS, forbiddenStatus: 401 };
    const { error: reported } = await watched(scim('list', 'Apps', { attributes: ['displayName'] }));
    world.directory.update('Groups', id, { members });
    expect(error).toMatchObject({
      code: 'NOT_PERMITTED',
      remedy: expect.stringContaining('Identity Domain Administrator'),
      details: { status: 403 },
    });
    expect(reported).toMatchObject({
      code: 'CREDENTIALS_UNUSABLE',
      remedy: expect.stringContaining('lacks a role in this domain'),
      details: { status: 401 },
    });
  });

  it.each([400, 501] as const)(
    '`add` to a trust, which is refused with %i and not sent again',
    async (patchAddStatus) => {
      world.settings.scim = { ...DEFAULT_SCIM_SETTINGS, patchAddStatus };
      const trust = world.directory.insert('IdentityPropagationTrusts', {
        name: 't',
        issuer: `https://${patchAddStatus}`,
        type: 'JWT',
        oauthClients: ['x'],
      });
      const { error, requests } = await watched(
        scim(
          'patch',
          'IdentityPropagationTrusts',
          trust.id,
          [{ op: 'add', path: 'oauthClients', value: ['y'] }],
          (trust['meta'] as { version: string }).version,
        ),
      );
      expect([error.code, error.details.status, requests.length]).toEqual([
        'SERVICE_REFUSED',
        patchAddStatus,
        1,
      ]);
    },
  );

  it('a media type that the host does not accept', async () => {
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'status', status: 415 } });
    expect((await watched(scim('create', 'Groups', group('x')))).error).toMatchObject({
      code: 'SERVICE_REFUSED',
      remedy: 'The host does not accept JSON. Check `--domain-url`.',
      details: { status: 415 },
    });
  });
});

describe('a response that is lost', () => {
  it('is requested again when reading', async () => {
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'reset-before-headers' } });
    const { results, requests } = await watched(scim('list', 'Settings', { attributes: ['issuer'] }));
    expect(results).toMatchObject([{ value: [{ issuer: expect.any(String) }] }]);
    expect(requests.length).toBe(2);
  });

  it('of a creation is an error, because nobody knows whether the object exists', async () => {
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'reset-before-headers' } });
    const { error, requests } = await watched(scim('create', 'Groups', group('lost')));
    expect(error).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringMatching(
        /^Creating the group: .* The service may have made the change nevertheless\.$/,
      ),
    });
    expect(requests.length).toBe(1);
  });

  it.each([
    ['html', /responded with an HTML page/],
    ['empty-body', /is not the expected JSON/],
  ] as const)('by a response of the kind %s is RESPONSE_MALFORMED', async (kind, message) => {
    emulator.faults.add({ service: 'domain', fault: { kind } });
    const { error } = await watched(scim('list', 'Apps', { attributes: ['id'] }));
    expect(error).toMatchObject({ code: 'RESPONSE_MALFORMED', message: expect.stringMatching(message) });
  });
});
