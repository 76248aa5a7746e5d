import { describe, expect, it } from '@jest/globals';
import type { ScimSettings } from '../../../emulator/scim/settings.ts';
import { fresh, group, messageId, patch, RULES, startTestDomain, user } from './scim-client.ts';

const { emulator, scim, made, set, madeTrust } = await startTestDomain();
const { directory } = emulator.world;

describe('a PATCH', () => {
  it('applies all operations or none', async () => {
    const { path, read } = await madeTrust();
    const before = await read();
    const operations = [
      { op: 'replace', path: 'oauthClients', value: [] },
      { op: 'replace', path: RULES, value: [{ rule: 'sub eq x', value: 'unknown' }] },
    ];
    expect((await scim('PATCH', path, patch(...operations))).status).toBe(400);
    expect(await read()).toEqual(before);
  });

  it.each<[string, unknown, number, string]>([
    ['changes a read-only attribute', { op: 'replace', path: 'id', value: 'x' }, 400, 'readOnly'],
    ['changes an immutable attribute', { op: 'replace', path: 'name', value: 'x' }, 400, 'immutable'],
    ['removes a required attribute', { op: 'remove', path: 'type' }, 400, 'missingReqAttributes'],
    ['names an unknown attribute', { op: 'replace', path: 'rules', value: [] }, 400, 'invalidPath'],
    ['has an index', { op: 'replace', path: 'oauthClients[0]', value: 'x' }, 400, 'invalid'],
    ['has an unknown operation', { op: 'append', path: 'oauthClients', value: 'x' }, 400, 'malformed'],
    ['has no value', { op: 'add', path: 'oauthClients' }, 400, 'malformed'],
  ])('is refused when it %s', async (_, operation, status, id) => {
    const { path } = await madeTrust();
    const refused = await scim('PATCH', path, patch(operation));
    expect([refused.status, messageId(refused)]).toEqual([
      status,
      expect.stringMatching(new RegExp(`\\.${id}$`)),
    ]);
  });

  it('adds, changes and removes members of a group', async () => {
    const [one, two] = [await made('Users', user(fresh('user'))), await made('Users', user(fresh('user')))];
    const { id } = await made('Groups', group(fresh('group'), one['id']));
    const members = async (operation: unknown) => {
      const { json } = await scim('PATCH', `Groups/${id}?attributes=members`, patch(operation));
      return [json['members'] ?? []].flat().map((member) => Object(member)['value']);
    };
    const add = { op: 'add', path: 'members', value: [{ value: two['id'], type: 'User' }] };
    expect(await members(add)).toEqual([one['id'], two['id']]);
    const remove = { op: 'remove', path: `members[value eq "${one['id']}"]` };
    expect(await members(remove)).toEqual([two['id']]);
    expect(await members({ op: 'remove', path: 'members' })).toEqual([]);
  });

  it.each<[ScimSettings['patchAdd'], number, number[]]>([
    ['refused', 400, [0, 1]],
    ['replaces', 200, [2]],
    ['prepends', 200, [2, 0, 1]],
    ['appends', 200, [0, 1, 2]],
  ])('with add to the rules %s returns %d and leaves the rules %j', async (patchAdd, status, order) => {
    const { path, read, rules } = await madeTrust();
    const third = { rule: 'sub eq three', value: rules[0]?.value };
    set({ patchAdd });
    expect((await scim('PATCH', path, patch({ op: 'add', path: RULES, value: [third] }))).status).toBe(
      status,
    );
    expect((await read())[RULES]).toMatchObject(order.map((at) => [...rules, third][at]));
  });

  it('refuses add with 501 when the settings say so', async () => {
    const { path, rules } = await madeTrust();
    const third = { rule: 'sub eq three', value: rules[0]?.value };
    set({ patchAddStatus: 501 });
    expect((await scim('PATCH', path, patch({ op: 'add', path: RULES, value: [third] }))).status).toBe(501);
  });

  it('keeps a value that is added twice, unless the settings say otherwise', async () => {
    const { path, read, rules } = await madeTrust();
    const again = patch({ op: 'add', path: RULES, value: rules });
    set({ patchAdd: 'appends', patchAddIgnoresDuplicates: true });
    await scim('PATCH', path, again);
    expect((await read())[RULES]).toMatchObject(rules);
    set({ patchAddIgnoresDuplicates: false });
    await scim('PATCH', path, again);
    expect((await read())[RULES]).toMatchObject([...rules, ...rules]);
  });

  it('loses the first rule as often as the settings say', async () => {
    const { path, read, rules } = await madeTrust();
    set({ losesRules: 1 });
    const replace = patch({ op: 'replace', path: RULES, value: rules });
    await scim('PATCH', path, replace);
    expect((await read())[RULES]).toMatchObject(rules.slice(1));
    await scim('PATCH', path, replace);
    expect((await read())[RULES]).toMatchObject(rules);
  });

  it('changes nothing when the settings say so', async () => {
    const { path, read } = await madeTrust();
    const before = await read();
    set({ ignoredPatches: ['IdentityPropagationTrusts'] });
    const clear = patch({ op: 'replace', path: RULES, value: [] });
    expect([(await scim('PATCH', path, clear)).status, await read()]).toEqual([200, before]);
  });

  it('is refused above the limit of rules', async () => {
    const { path, rules } = await madeTrust();
    set({ mostRules: 2, patchAdd: 'appends' });
    const add = patch({ op: 'add', path: RULES, value: rules.slice(1) });
    expect((await scim('PATCH', path, add)).status).toBe(400);
  });

  it.each<[ScimSettings['patchFilter'], string, number]>([
    ['searchable', 'rule eq "sub eq 0"', 400],
    ['any', 'rule eq "sub eq 0"', 200],
    ['searchable', 'value eq "ID"', 200],
    ['refused', 'value eq "ID"', 400],
  ])('with patch filters %s removes a rule by [%s] with %d', async (patchFilter, filter, status) => {
    const { path, read, rules } = await madeTrust();
    set({ patchFilter });
    const remove = { op: 'remove', path: `${RULES}[${filter.replace('ID', rules[0]?.value ?? '')}]` };
    expect((await scim('PATCH', path, patch(remove))).status).toBe(status);
    expect((await read())[RULES]).toMatchObject(status === 200 ? rules.slice(1) : rules);
  });

  it('removes one value of a list of strings by its value', async () => {
    const { path, read } = await madeTrust();
    const client = Object(await read())['oauthClients'][0];
    set({ patchFilter: 'any' });
    await scim('PATCH', path, patch({ op: 'remove', path: `oauthClients[value eq "${client}"]` }));
    expect((await read())['oauthClients']).toEqual([]);
  });
});

describe('If-Match', () => {
  const rename = patch({ op: 'replace', path: 'description', value: 'x' });
  const version = (json: Record<string, unknown>) => String(Object(json['meta'])['version']);

  it.each<[ScimSettings['staleVersion'], number]>([
    [412, 412],
    [409, 409],
    ['ignored', 200],
  ])('of an old version, when the settings say %s, returns %d', async (staleVersion, status) => {
    const { path, read } = await madeTrust();
    set({ staleVersion });
    const headers = { 'If-Match': version(await read()) };
    expect((await scim('PATCH', path, rename, headers)).status).toBe(200);
    expect((await scim('PATCH', path, rename, headers)).status).toBe(status);
  });

  it('detects a second writer between the read and the write', async () => {
    const { path, id, read, rules } = await madeTrust();
    const headers = { 'If-Match': version(await read()) };
    set({
      beforeWrite: () => void directory.update('IdentityPropagationTrusts', id, { [RULES]: rules.slice(1) }),
    });
    expect((await scim('PATCH', path, rename, headers)).status).toBe(412);
    set({ beforeWrite: undefined });
    expect((await read())[RULES]).toMatchObject(rules.slice(1));
  });
});

describe('a PUT', () => {
  it('removes what it does not name', async () => {
    const { id, userName } = await made('Users', user(fresh('user'), { title: 'x' }));
    const { status, json } = await scim('PUT', `Users/${id}`, user(String(userName)));
    expect([status, json['id'], json['title']]).toEqual([200, id, undefined]);
  });

  it('of the settings needs csrAccess', async () => {
    const schemas = ['urn:ietf:params:scim:schemas:oracle:idcs:Settings'];
    expect((await scim('PUT', 'Settings/Settings', { schemas, issuer: 'x' })).status).toBe(400);
  });
});
