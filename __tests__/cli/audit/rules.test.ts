// Each rule of the audit finds its faults and nothing close to them, and the command of the fix removes the finding.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../../../cli/audit/evaluate.ts';
import { RULES } from '../../../cli/audit/rules/rules.ts';
import { CREDENTIALS_EXTENSION, type Grant, USER_EXTENSION } from '../../../cli/domain/objects.ts';
import { applyFix } from './apply-fix.ts';
import { CASES, type Change, SUB } from './cases.ts';
import { addRule, changed, type SoundState, serviceUser, snapshotOf, soundState } from './sound.ts';

const found = (change: Change, id?: string) => {
  const { findings } = evaluate(changed(change));
  return findings.filter((one) => id === undefined || one.rule === id);
};

/** Of every administrator's role that an application or a user has. */
function grantsOf({ apps, users }: SoundState): Grant[] {
  const roles = [
    ...apps.flatMap(({ id, grantedAppRoles = [] }) => grantedAppRoles.map(({ value }) => ({ id, value }))),
    ...users.flatMap((user) =>
      (user[USER_EXTENSION]?.appRoles ?? []).map(({ value }) => ({ id: user.id, value })),
    ),
  ];
  return roles.map(({ id, value = '' }, at) => ({
    id: `grant${at}`,
    grantee: { value: id, type: 'User' },
    entitlement: { attributeName: 'appRoles', attributeValue: value },
  }));
}

describe('a sound set-up, beside sound objects of others', () => {
  it('has no finding', () => {
    expect(found(() => {})).toEqual([]);
  });
});

describe.each(CASES)('%s', (id, faults, sound) => {
  it.each(Object.entries(faults))('finds: %s', (_, change) => {
    const all = found(change, id);
    expect(all).not.toEqual([]);
    for (const { object, evidence, fix, key } of all)
      for (const text of [object, evidence, fix, key]) expect(text).not.toMatch(/undefined|\[object|^$/);
  });

  it.each(Object.entries(faults))('has a command that fixes: %s', (_, change) => {
    const state = soundState();
    change(state);
    state.grants = grantsOf(state);
    const [first] = evaluate(snapshotOf(state)).findings.filter((one) => one.rule === id);
    if (!applyFix(first?.fix ?? '', state)) return; // by `oci-wif setup` or `gh`
    const after = evaluate(snapshotOf(state)).findings.filter((one) => one.rule === id);
    expect(after.map(({ key }) => key)).not.toContain(first?.key);
  });

  it.each(Object.entries(sound))('does not find: %s', (_, change) => {
    expect(found(change, id)).toEqual([]);
  });
});

/** What others have chosen is data in the commands of the fixes, whatever characters it has. */
describe('hostile names', () => {
  const NASTY = `x; false; '; false; "; false; $(false) \n false; `;
  const LINE = NASTY.replace('\n', '');
  const snapshot = changed((state) => {
    addRule(state, `sub eq repo:acme@1234/infra@5678:environment:${LINE}*`, NASTY);
    addRule(state, `sub co ${LINE}`);
    addRule(state, `repository eq ${LINE}`);
    addRule(state, `repository eq ${LINE}`, 'user2');
    state.environments.set('acme/infra', [{ name: 'prod', missing: true }]);
    state.repository.defaultBranch = NASTY;
    Object.assign(state.trust, { id: NASTY, clockSkewSeconds: 900, meta: { version: NASTY } });
    state.trust.oauthClients?.push(NASTY);
    state.trust.clientClaimValues = ['sigstore', NASTY];
    Object.assign(state.policy, { id: NASTY, name: NASTY });
    state.policy.statements.push(`Allow any-user to manage all-resources in tenancy where a != '${NASTY}'`);
    Object.assign(state.app, { id: NASTY, displayName: NASTY, clientType: 'public' });
    state.users.push(serviceUser(NASTY, NASTY));
    state.user[CREDENTIALS_EXTENSION] = { apiKeys: [{ value: NASTY }] };
    state.groups[1]?.members?.push({ value: 'user1', type: 'User' });
    Object.assign(state.groups[1] ?? {}, { id: NASTY });
    state.provider.clientIds.push(NASTY);
    Object.assign(state.role, { name: NASTY, maxSessionDuration: 43_200 });
    state.statement.Condition = { StringLike: { [SUB]: [`${NASTY}*`, NASTY] } };
  });
  const { findings } = evaluate(snapshot);

  it('are in one argument each of the command, and in no other one', () => {
    const ids = new Set(findings.map(({ rule: id }) => id));
    expect(ids.size).toBeGreaterThan(14);
    for (const { rule: id, fix } of findings) {
      const stubs = 'oci() { :; }; gh() { :; }; aws() { :; }; oci-wif() { :; }';
      // Without any program on the PATH, a command that is not one of these four fails.
      const { status, stderr } = spawnSync('/bin/bash', ['--norc', '-euc', `${stubs}\n${fix}`], {
        env: { PATH: '' },
      });
      expect([id, status, String(stderr)]).toEqual([id, 0, '']);
    }
  });

  it('stay on the line of their finding, without commands of the runner', () => {
    for (const { object, evidence } of findings) expect(object + evidence).not.toMatch(/\n|##\[/);
  });
});

describe('the table of the rules', () => {
  it('has the 43 rules in their order, and a case for each', () => {
    const ids = RULES.map((one) => one.id);
    expect(ids).toHaveLength(43);
    expect(CASES.map(([id]) => id)).toEqual(ids);
  });

  it('has titles without a full stop and reasons of one or two sentences', () => {
    for (const { title, why } of RULES) {
      expect(title).toMatch(/^[A-Z][^.]{10,90}$/);
      expect(why).toMatch(/^.{20,200}\.$/);
    }
  });
});
