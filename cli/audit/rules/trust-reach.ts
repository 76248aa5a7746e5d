// T01–T04, T07, T08 and T14: which jobs the impersonation rules admit, and which user each job becomes.
import { compareRule } from '../../../src/diagnosis/rule-comparison.ts';
import { parseRule } from '../../../src/inputs/trust-rule.ts';
import { quote } from '../../../src/response.ts';
import { groupBy } from '../../group.ts';
import { comment } from '../../shell.ts';
import { lines, removeRule, rewriteRule, setup, writeRules } from '../fixes.ts';
import { defineRule } from '../rule.ts';
import type { AuditContext } from '../snapshot.ts';
import { isGitHub, type TrustRuleEntry } from '../trust-rules.ts';
import { ruleFound, shown, userName } from './names.ts';

/** Rules with `co` are T04. */
const withReach = (rules: readonly TrustRuleEntry[], reach: TrustRuleEntry['reach']) =>
  rules.filter((one) => isGitHub(one.trust) && one.operator === 'eq' && one.reach === reach);

const FIRST = '# First add a rule for each job that must still log in:';
const THEN =
  '# Then run the audit again: this command is for the trust as it was read, and is refused after a change.';
const replacing = (context: AuditContext, entry: TrustRuleEntry, repository: string) =>
  lines(FIRST, comment(setup(context, repository, undefined)), THEN, removeRule(context, entry));

const T01 = defineRule({
  id: 'T01',
  severity: 'critical',
  title: 'A rule admits repositories of any owner',
  why: 'All of GitHub has the same issuer, and a job may ask for any audience. Whoever learns the client secret becomes the service user, from any repository.',
  needs: ['rules'],
  check: ({ rules, users }, context) =>
    withReach(rules, 'everyone').map((entry) => {
      const evidence = `${shown(entry.rule)} does not name an owner; every job that it admits becomes ${userName(entry.user, users)}`;
      return ruleFound(entry, evidence, removeRule(context, entry));
    }),
});

const T02 = defineRule({
  id: 'T02',
  severity: 'high',
  title: 'A rule admits more than one repository',
  why: 'Everybody who may create a repository for this owner, or write to one, can log in.',
  needs: ['rules'],
  check: ({ rules, users }, context) =>
    withReach(rules, 'owner').map((entry) => {
      const owner = /^(?:repo:)?([\w-]+)[/@]/.exec(entry.value)?.[1] ?? '<owner>';
      const evidence = `${shown(entry.rule)} admits several repositories; each becomes ${userName(entry.user, users)}`;
      return ruleFound(entry, evidence, replacing(context, entry, `${owner}/<repository>`));
    }),
});

const T03 = defineRule({
  id: 'T03',
  severity: 'medium',
  title: 'A rule admits every job of a repository',
  why: 'Whoever may push a branch can log in. An environment with deployment branches restricts that.',
  needs: ['rules'],
  check: ({ rules, users }, context) =>
    withReach(rules, 'repository').map((entry) => {
      const repository =
        entry.subject?.repository ?? (entry.claim === 'repository' ? entry.value : undefined);
      const evidence = `${shown(entry.rule)} admits more than one environment, branch or tag; each becomes ${userName(entry.user, users)}`;
      return ruleFound(entry, evidence, replacing(context, entry, repository ?? '<owner/name>'));
    }),
});

const T04 = defineRule({
  id: 'T04',
  severity: 'high',
  title: 'A rule compares part of a claim',
  why: '`co` means "contains": `sub co acme/infra` also admits `evil-acme/infra-tools`.',
  needs: ['rules'],
  check: ({ rules }, context) =>
    rules
      .filter(({ trust, operator }) => isGitHub(trust) && operator === 'co')
      .map((entry) => {
        const isWholeSubject = entry.claim === 'sub' && /^repo:[^/:]+\/[^/:]+:[^*]+$/.test(entry.value);
        const fix = isWholeSubject
          ? rewriteRule(context, entry, `sub eq ${entry.value}`)
          : replacing(context, entry, '<owner/name>');
        return ruleFound(entry, `${shown(entry.rule)} has the operator co`, fix);
      }),
});

const T07 = defineRule({
  id: 'T07',
  severity: 'low',
  title: 'The value of a rule has quotes',
  why: 'Several teams report that a quoted value never matches; an example of Oracle has quotes.',
  needs: ['rules'],
  check: ({ rules }, context) =>
    rules
      .filter(({ isQuoted }) => isQuoted)
      .map((entry) => {
        const { claim, operator, value } = entry;
        const fix = rewriteRule(context, entry, `${claim} ${operator} ${value}`);
        return ruleFound(entry, `${shown(entry.rule)} is quoted`, fix);
      }),
});

/** The first earlier rule that matches the same jobs. */
function shadowing(entry: TrustRuleEntry, rules: readonly TrustRuleEntry[]): TrustRuleEntry | undefined {
  const { trust, index, claim, value, operator, subject } = entry;
  if (operator === undefined) return undefined;
  const repository = subject?.repository;
  const claims = { [claim]: value, ...(repository !== undefined && operator === 'eq' && { repository }) };
  return rules.find((one) => {
    if (one.trust !== trust || one.index >= index) return false;
    return one.rule === entry.rule || compareRule({ name: '', ...parseRule(one.rule) }, claims).matches;
  });
}

const T08 = defineRule({
  id: 'T08',
  severity: 'medium',
  title: 'A rule is never reached',
  why: 'Rules are tried in order, and the first match decides: the job becomes the user of the earlier rule.',
  needs: ['rules'],
  check: ({ rules, users }, context) =>
    rules.flatMap((entry) => {
      const earlier = shadowing(entry, rules);
      if (earlier === undefined) return [];
      const isSameUser = earlier.user === entry.user;
      const becomes = isSameUser
        ? 'the same user'
        : `${userName(earlier.user, users)}, not ${userName(entry.user, users)}`;
      const evidence = `rule ${earlier.index + 1}, ${shown(earlier.rule)}, matches first: the job becomes ${becomes}`;
      const isDuplicate = isSameUser || earlier.rule === entry.rule;
      const fix = isDuplicate ? removeRule(context, entry) : moveBefore(context, entry, earlier);
      return [ruleFound(entry, evidence, fix)];
    }),
});

function moveBefore(
  context: AuditContext,
  { trust, index }: TrustRuleEntry,
  earlier: TrustRuleEntry,
): string {
  return writeRules(context, trust, (rules) => {
    const others = rules.filter((_, at) => at !== index);
    return [
      ...others.slice(0, earlier.index),
      ...rules.slice(index, index + 1),
      ...others.slice(earlier.index),
    ];
  });
}

/** The repository that a rule names, without ids: during a migration both forms lead to one user. */
const repositoryOf = ({ subject, claim, value }: TrustRuleEntry) =>
  (subject?.repository ?? (claim === 'repository' ? value : undefined))?.toLowerCase();

const T14 = defineRule({
  id: 'T14',
  severity: 'medium',
  title: 'Jobs that should be separate share a user',
  why: 'Each of these jobs gets all rights of the user. So a pull request can do what a deployment can.',
  needs: ['rules'],
  check: ({ rules, users }, context) => {
    const byUser = groupBy(
      rules.filter((one) => isGitHub(one.trust) && repositoryOf(one) !== undefined),
      ({ user }) => user,
    );
    return [...byUser].flatMap(([user, entries]) => {
      const repositories = [...new Set(entries.map(repositoryOf))].toSorted();
      const pullRequests = entries.filter(({ subject }) => subject?.tail === 'pull_request');
      const isMixed = pullRequests.length > 0 && pullRequests.length < entries.length;
      if (repositories.length < 2 && !isMixed) return [];
      const what =
        repositories.length > 1
          ? repositories.join(', ')
          : `pull requests and other jobs of ${repositories[0]}`;
      return [
        {
          object: userName(user, users),
          key: user,
          evidence: `serves ${quote(what, [])}`,
          fix: separate(context, entries),
        },
      ];
    });
  },
});

/** Keeps the rules that belong to the first one: in both forms of the subject, and with other branches of the same kind. */
function separate(context: AuditContext, entries: readonly TrustRuleEntry[]): string {
  const kind = (one: TrustRuleEntry) => `${repositoryOf(one)} ${one.subject?.tail === 'pull_request'}`;
  const others = entries.filter((one) => one.trust === entries[0]?.trust && kind(one) !== kind(entries[0]));
  const commands = others.map(({ subject, value }) =>
    setup(context, subject?.repository ?? value, subject?.tail),
  );
  const trust = others[0]?.trust;
  if (trust === undefined) return lines(...commands);
  const removed = new Set(others.map(({ index }) => index));
  return lines(
    writeRules(context, trust, (rules) => rules.filter((_, at) => !removed.has(at))),
    '# Then give each of the other jobs a user of its own:',
    ...[...new Set(commands)].map(comment),
  );
}

export const TRUST_REACH_RULES = [T01, T02, T03, T04, T07, T08, T14] as const;
