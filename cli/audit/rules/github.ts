// H01–H05: what GitHub knows of the repositories that rules name.
import { quote } from '../../../src/response.ts';
import type { Environment, SubjectCustomization } from '../../github/github.ts';
import { inShellIfNeeded } from '../../shell.ts';
import { lines, removeRule, rewriteRule, setup } from '../fixes.ts';
import { defineRule } from '../rule.ts';
import type { AuditContext, RepositoryState, Sources } from '../snapshot.ts';
import { environmentIn, isImmutable, type Subject } from '../subject.ts';
import { githubHostOf, type TrustRuleEntry } from '../trust-rules.ts';
import { ruleFound, shown } from './names.ts';

type SubjectRule = TrustRuleEntry & { subject: Subject };

/** Rules for one repository on the host that was read. */
const subjectRules = (rules: readonly TrustRuleEntry[], { githubHost }: AuditContext) =>
  rules.filter(
    (one): one is SubjectRule => one.subject !== undefined && githubHostOf(one.trust) === githubHost,
  );

/** How the subjects of the jobs begin; undefined when a template of the repository replaces the form. */
function prefixOf({ useDefault, subClaimPrefix }: SubjectCustomization): string | undefined {
  return useDefault ? subClaimPrefix : undefined;
}

const sendsIds = ({ subClaimPrefix, useImmutableSubject }: SubjectCustomization) =>
  subClaimPrefix === undefined ? useImmutableSubject === true : subClaimPrefix.includes('@');

/** GitHub Enterprise Server has no immutable subjects. */
const knowsIds = ({ subClaimPrefix, useImmutableSubject }: SubjectCustomization) =>
  subClaimPrefix !== undefined || useImmutableSubject !== undefined;

/** Rules without ids, for repositories whose subject has no template. */
function rulesByName({ rules, subjects }: Pick<Sources, 'rules' | 'subjects'>, context: AuditContext) {
  const all = subjectRules(rules, context);
  return all.flatMap((entry) => {
    const { trust, subject } = entry;
    const customization = subjects.get(subject.repository);
    if (customization === undefined || !customization.useDefault || isImmutable(subject)) return [];
    // The same job in the immutable form: both stand side by side while a repository changes from one to the other.
    const hasTwin = all.some(
      (one) =>
        one.trust === trust &&
        isImmutable(one.subject) &&
        one.subject.repository === subject.repository &&
        one.subject.tail === subject.tail,
    );
    return [{ entry, subject, customization, hasTwin }];
  });
}

const H01 = defineRule({
  id: 'H01',
  severity: 'high',
  title: 'A rule without IDs never matches the repository',
  why: 'The domain refuses the job. The name in the rule says nothing about who owns it today.',
  needs: ['rules', 'subjects'],
  check: ({ rules, subjects }, context) => {
    return rulesByName({ rules, subjects }, context).flatMap(({ entry, subject, customization, hasTwin }) => {
      if (!sendsIds(customization) || hasTwin) return [];
      const prefix = prefixOf(customization);
      const evidence = `${shown(entry.rule)}, but ${subject.repository} sends ${shown(`${prefix ?? 'the immutable form'}:…`)}`;
      const fix =
        prefix === undefined
          ? setup(context, subject.repository, subject.tail)
          : rewriteRule(context, entry, `sub eq ${prefix}:${subject.tail}`);
      return [ruleFound(entry, evidence, fix)];
    });
  },
});

const H02 = defineRule({
  id: 'H02',
  severity: 'medium',
  title: 'A rule trusts a repository by name',
  why: 'When the repository or its owner is renamed or deleted, somebody else can take the name. Ids are never used again.',
  needs: ['rules', 'subjects'],
  check: ({ rules, subjects }, context) => {
    return rulesByName({ rules, subjects }, context).flatMap(({ entry, subject, customization, hasTwin }) => {
      const sends = sendsIds(customization);
      if (!knowsIds(customization) || sends !== hasTwin) return [];
      const evidence = sends
        ? `${shown(entry.rule)} is left over: ${subject.repository} sends ids, and a rule with them exists`
        : `${shown(entry.rule)} has no ids`;
      const fix = sends
        ? removeRule(context, entry)
        : setup(context, subject.repository, subject.tail, '--immutable-subject');
      return [ruleFound(entry, evidence, fix)];
    });
  },
});

const H03 = defineRule({
  id: 'H03',
  severity: 'high',
  title: 'A rule names a changed or deleted repository',
  why: 'The jobs that should log in are refused, and a name that is free can be registered by anybody.',
  needs: ['rules', 'repositories'],
  check: ({ rules, repositories, subjects }, context) =>
    subjectRules(rules, context).flatMap((entry) => {
      const { repository } = entry.subject;
      const state = repositories.get(repository);
      const change = state && changeOf(entry.subject, state);
      if (state === undefined || change === undefined) return [];
      const customization = subjects?.get(repository);
      const prefix = customization && prefixOf(customization);
      const fix =
        change.isOther || prefix === undefined
          ? removeRule(context, entry)
          : rewriteRule(context, entry, `sub eq ${prefix}:${entry.subject.tail}`);
      return [ruleFound(entry, `${shown(entry.rule)}: ${change.text}`, fix)];
    }),
});

/** What is different; `isOther` when the name belongs to another repository now. */
function changeOf(
  { repository, ownerId, repositoryId }: Subject,
  state: RepositoryState,
): { text: string; isOther: boolean } | undefined {
  if (state === 'gone') return { text: 'the owner does not exist, so the name is free', isOther: true };
  const other = (what: string, now: number, rule: string) => ({
    text: `the id of the ${what} is ${now}, not ${rule}`,
    isOther: true,
  });
  if (repositoryId !== undefined && repositoryId !== String(state.id))
    return other('repository', state.id, repositoryId);
  if (ownerId !== undefined && ownerId !== String(state.ownerId))
    return other('owner', state.ownerId, ownerId);
  if (state.fullName === repository) return undefined;
  return { text: `the repository is ${quote(state.fullName, [])} today`, isOther: false };
}

/** Environments in rules, each once, with what GitHub knows of them. */
function ruleEnvironments(
  { rules, environments }: Pick<Sources, 'rules' | 'environments'>,
  context: AuditContext,
) {
  const seen = new Set<string>();
  return subjectRules(rules, context).flatMap((entry) => {
    const { repository, tail } = entry.subject;
    const name = environmentIn(tail);
    // GitHub compares the names of environments without case.
    const state = environments.get(repository)?.find((one) => one.name.toLowerCase() === name?.toLowerCase());
    const key = `${repository}\n${name}`;
    if (name === undefined || state === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ entry, repository, name, state }];
  });
}

/** Makes the environment with one deployment branch. An environment with rules is never written: a PUT may reset them. */
function protect(
  repository: string,
  name: string,
  repositories: Sources['repositories'] | undefined,
): string {
  const state = repositories?.get(repository);
  const branch = state === undefined || state === 'gone' ? 'main' : state.defaultBranch;
  const path = `repos/${repository}/environments/${encodeURIComponent(name)}`;
  const branches = inShellIfNeeded(`${path}/deployment-branch-policies`);
  const policy = (key: string, value: boolean) => `-F 'deployment_branch_policy[${key}]=${value}'`;
  return lines(
    `gh api --method PUT ${inShellIfNeeded(path)} ${policy('protected_branches', false)} ${policy('custom_branch_policies', true)} &&`,
    `gh api --method POST ${branches} -f name=${inShellIfNeeded(branch)}`,
  );
}

const H04 = defineRule({
  id: 'H04',
  severity: 'high',
  title: 'A rule names a missing environment',
  why: 'Whoever may write to the repository can name it in a workflow. GitHub then creates it without protection.',
  needs: ['rules', 'environments'],
  check: ({ rules, environments, repositories }, context) =>
    ruleEnvironments({ rules, environments }, context).flatMap(({ entry, repository, name, state }) => {
      if (!('missing' in state)) return [];
      const evidence = `${repository} has no environment ${shown(name)}`;
      return [ruleFound(entry, evidence, protect(repository, name, repositories))];
    }),
});

/** A star admits every branch whose name has no slash, so whoever may push can choose one. */
function admitsAnyBranch({ branchPolicy, branches = [] }: Environment): boolean {
  return branchPolicy === null || branches.some((pattern) => /^[*/]+$/.test(pattern));
}

const H05 = defineRule({
  id: 'H05',
  severity: 'medium',
  title: 'Every branch may deploy to an environment',
  why: 'The subject of a job with an environment has no branch: whoever may push a branch can log in.',
  needs: ['rules', 'environments'],
  check: ({ rules, environments, repositories }, context) =>
    ruleEnvironments({ rules, environments }, context).flatMap(({ repository, name, state }) => {
      if ('missing' in state || state.hasReviewers || !admitsAnyBranch(state)) return [];
      return [
        {
          object: `environment ${quote(name, [])} of ${repository}`,
          key: `${repository}\n${name}`,
          evidence: 'has no required reviewers, and every branch may deploy',
          fix: protect(repository, name, repositories),
        },
      ];
    }),
});

export const GITHUB_RULES = [H01, H02, H03, H04, H05] as const;
