// What is added to a trust, and what a change has lost. Properties over generated trusts.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  additions,
  damagedLists,
  replacements,
  restorations,
  type TrustLists,
  type Wanted,
} from '../../../cli/setup/trust-change.ts';

const wanted: Wanted = {
  rule: 'sub eq ours',
  userId: 'user1',
  clientId: 'client1',
  claimValue: 'audience1',
  activate: false,
};

const rule = fc.record({ rule: fc.string(), value: fc.string() });
const trusts = fc.record({
  impersonationServiceUsers: fc.uniqueArray(rule, { selector: (one) => JSON.stringify(one) }),
  oauthClients: fc.uniqueArray(fc.string()),
  clientClaimValues: fc.uniqueArray(fc.string()),
});

const asTrust = (lists: TrustLists) => ({ id: 'trust1', active: true, ...lists });

/** A domain that carries out `replace`. */
function replaced(lists: TrustLists, operations: readonly { path: string; value?: unknown }[]): TrustLists {
  return { ...lists, ...Object.fromEntries(operations.map(({ path, value }) => [path, value])) };
}

describe('a change of a trust', () => {
  it('adds what is missing, and nothing a second time', () => {
    fc.assert(
      fc.property(trusts, (lists) => {
        const whole = replacements(asTrust(lists), wanted);
        if (!('operations' in whole)) throw new Error('unknown lists');
        const after = replaced(lists, whole.operations);
        expect(damagedLists(lists, after)).toEqual([]);
        expect(additions(asTrust(after), wanted)).toEqual([]);
        expect(after.impersonationServiceUsers?.slice(0, lists.impersonationServiceUsers.length)).toEqual(
          lists.impersonationServiceUsers,
        );
      }),
    );
  });

  it('never replaces a list that was not returned', () => {
    const lists = { oauthClients: ['client1'], clientClaimValues: ['audience1'] };
    expect(replacements(asTrust(lists), wanted)).toEqual({ unknown: ['impersonationServiceUsers'] });
    expect(additions(asTrust(lists), wanted)).toEqual([
      { op: 'add', path: 'impersonationServiceUsers', value: [{ rule: 'sub eq ours', value: 'user1' }] },
    ]);
  });

  it('keeps members of a rule that it does not know', () => {
    const foreign = { rule: 'sub eq theirs', value: 'user9', ocid: 'ocid1.user.oc1..aaaa' };
    const lists = { impersonationServiceUsers: [foreign], oauthClients: [], clientClaimValues: [] };
    expect(replacements(asTrust(lists), wanted)).toMatchObject({
      operations: [{ value: [foreign, { rule: 'sub eq ours', value: 'user1' }] }, {}, {}],
    });
  });

  it('finds every loss, change and move of an entry, and restores all of them in their order', () => {
    fc.assert(
      fc.property(trusts, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (lists, random) => {
        const next = () => random.next().value ?? 0;
        const ours = { rule: 'sub eq ours', value: 'user1' };
        const rules = lists.impersonationServiceUsers.filter(() => next() > 0.3).toSorted(() => next() - 0.5);
        const after = { ...lists, impersonationServiceUsers: [...rules, ours] };
        const restored = replaced(after, restorations(lists, after));
        expect(damagedLists(lists, restored)).toEqual([]);
        expect(restored.impersonationServiceUsers).toContainEqual(ours);
      }),
    );
  });

  it('keeps what somebody else added meanwhile when it restores', () => {
    const before = { oauthClients: ['a', 'b'] };
    expect(restorations(before, { oauthClients: ['b', 'theirs', 'ours'] })).toEqual([
      { op: 'replace', path: 'oauthClients', value: ['a', 'b', 'theirs', 'ours'] },
    ]);
  });

  it('is no damage when entries were added in front, because rules of ours match nobody else', () => {
    expect(damagedLists({ oauthClients: ['a', 'b'] }, { oauthClients: ['ours', 'a', 'b'] })).toEqual([]);
  });
});
