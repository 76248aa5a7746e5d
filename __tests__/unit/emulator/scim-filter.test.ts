import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '../../../emulator/scim/filter.ts';
import { USER_EXTENSION } from './scim-client.ts';

const USERS = [
  {
    id: '1',
    userName: 'Alice',
    active: true,
    name: { givenName: 'A"l' },
    externalId: 'oci-wif:1:prod',
    groups: [
      { value: 'G1', type: 'direct' },
      { value: 'G2', type: 'direct' },
    ],
    [USER_EXTENSION]: { serviceUser: true },
  },
  { id: '2', userName: 'bob', active: false, tags: [{ key: 'managed-by', value: 'oci-wif' }] },
  { id: '3', userName: 'carol', active: true, tags: [{ key: 'managed-by', value: 'other' }] },
];
const found = (filter: string) => USERS.filter(parseFilter(filter, 'Users')).map(({ id }) => id);

describe('a filter', () => {
  it.each<[string, string[]]>([
    ['userName eq "ALICE"', ['1']],
    ['USERNAME Eq "bob"', ['2']],
    ['userName ne "bob"', ['1', '3']],
    ['userName sw "c" or userName ew "b"', ['2', '3']],
    ['userName co "l" and not (active eq false)', ['1', '3']],
    ['active eq true and (userName eq "bob" or userName eq "carol")', ['3']],
    ['userName eq "bob" or userName eq "carol" and active eq false', ['2']],
    ['externalId pr', ['1']],
    ['name.givenName eq "a\\"l"', ['1']],
    [`${USER_EXTENSION}:serviceUser eq true`, ['1']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bob"', ['2']],
    ['tags.value eq "oci-wif"', ['2']],
    ['tags[key eq "managed-by" and value eq "OTHER"]', ['3']],
    ['id gt "1" and id le "3"', ['2', '3']],
    ['userName eq "x) or (userName pr"', []],
  ])('%s finds %j', (filter, ids) => {
    expect(found(filter)).toEqual(ids);
  });

  it('compares case-exact attributes with their case', () => {
    expect(found('groups.value eq "G1"')).toEqual(['1']);
    expect(found('groups eq "G2"')).toEqual(['1']);
    expect(found('groups.value eq "g1"')).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ['description eq "x"', /not searchable/],
    ['emails.pendingVerificationData eq "x"', /not searchable/],
    ['unknown eq "x"', /unknown/],
    ['userName is "x"', /operator is/],
    ['userName eq x', /not JSON/],
    ['userName eq "x', /without its end/],
    ['userName eq "x" userName', /after the end/],
    ['(userName pr', /no \)/],
    ['not userName pr', /bracket/],
    ['tags[key eq "x"', /no \]/],
    ['and', /./],
    ['', /no attribute/],
  ])('%s is refused', (filter, reason) => {
    expect(() => parseFilter(filter, 'Users')).toThrow(
      expect.objectContaining({ reason: expect.stringMatching(reason) }),
    );
  });
});
