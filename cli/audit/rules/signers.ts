// T16, T17, P05 and P06: trusts whose callers sign instead of presenting a client secret, and who these callers are.
import type { DynamicGroup, IdentityPropagationTrust } from '../../domain/objects.ts';
import { lines, patch, patchTrust, removeRule } from '../fixes.ts';
import { defineRule, type Found } from '../rule.ts';
import type { Sources } from '../snapshot.ts';
import { clientReach, type TrustRuleEntry } from '../trust-rules.ts';
import { appName, ruleFound, shown, trustName } from './names.ts';
import { found, namesGroup, statementsOf } from './policies.ts';
import { isRestricted } from './statement.ts';

/** A domain may return no empty list. */
const hasNoClient = ({ type = 'JWT', oauthClients = [] }: IdentityPropagationTrust) =>
  type === 'JWT' && oauthClients.length === 0;

const isWholeSubject = (name: string, value: string) => name === 'sub' && !value.includes('*');

const isPinned = ({ claim, operator, value }: TrustRuleEntry) =>
  operator === 'eq' && isWholeSubject(claim, value);

const T16 = defineRule({
  id: 'T16',
  severity: 'high',
  title: 'A trust without clients does not compare the subject',
  why: 'No client secret protects it: every job on an instance that may call the exchange can use what the trust admits.',
  needs: ['trusts', 'rules'],
  check: ({ trusts, rules }, context) => {
    const open = trusts.filter((trust) => hasNoClient(trust) && clientReach(trust) !== 'job');
    const ofResources = open
      .filter(({ subjectType }) => subjectType === 'Resource')
      .filter(
        ({ claimValidations = [] }) =>
          !claimValidations.some(({ name, value }) => isWholeSubject(name, value)),
      )
      .map((trust): Found => {
        const { claimValidations = [] } = trust;
        const names = claimValidations.map(({ name, value }) => shown(`${name} ${value}`)).join(', ');
        const value = [
          ...claimValidations.filter(({ name }) => name !== 'sub'),
          { name: 'sub', value: '<sub of the job>' },
        ];
        return {
          object: trustName(trust),
          key: trust.id,
          evidence: `lists no client, and validates ${names || 'no claim'}`,
          fix: patchTrust(context, trust, { op: 'replace', path: 'claimValidations', value }),
        };
      });
    const ofUsers = rules
      .filter((one) => open.includes(one.trust) && !isPinned(one))
      .map((one) =>
        ruleFound(
          one,
          `${shown(one.rule)} is no whole subject, and the trust lists no client`,
          removeRule(context, one),
        ),
      );
    return [...ofResources, ...ofUsers];
  },
});

const T17 = defineRule({
  id: 'T17',
  severity: 'medium',
  title: 'A trust without clients shares a domain with applications',
  why: 'Its callers sign. Whether it admits every application of the domain with its client secret, too, is not documented.',
  needs: ['trusts', 'apps'],
  check: ({ trusts, apps }, context) => {
    const clients = apps.filter(
      ({ active, isOPCService, allowedGrants = [] }) =>
        active === true && isOPCService !== true && allowedGrants.length > 0,
    );
    if (clients.length === 0) return [];
    return trusts
      .filter((trust) => hasNoClient(trust) && trust.active === true)
      .map((trust) => ({
        object: trustName(trust),
        key: trust.id,
        evidence: `lists no client; the domain has ${clients.map(appName).join(', ')}`,
        fix: lines(
          '# Set the trust up in a domain of its own, by `setup --client-auth instance-principal` with its `--domain-url`.',
          '# Then, if nothing uses this one:',
          patchTrust(context, trust, { op: 'replace', path: 'active', value: false }),
        ),
      }));
  },
});

/** The permission to exchange tokens with a signature. */
const EXCHANGE = 'GET_RPST';

const exchangeGrants = (policies: Sources['policies']) =>
  statementsOf(policies).filter(({ statement }) => statement.permissions.includes(EXCHANGE));

/** The dynamic groups of this domain that may call the exchange. */
const callersOf = ({
  policies,
  domain,
  dynamicGroups,
}: Pick<Sources, 'policies' | 'domain' | 'dynamicGroups'>) =>
  dynamicGroups.filter((group) =>
    exchangeGrants(policies).some(
      ({ statement }) => statement.dynamicGroups.length > 0 && namesGroup(statement, group, domain),
    ),
  );

const NARROW = /^\s*((instance|resource)\.(id|compartment\.id)|tag\.[\w.-]+\.value)\s*=\s*'[^'*]+'\s*$/i;

/** Whether a rule requires neither an instance, a compartment nor a tag. @see "Writing Matching Rules to Define Dynamic Groups" */
function matchesAll(rule: string): boolean {
  const [, how = 'all', list = rule] = /^\s*(any|all)\s*\{(.*)\}\s*$/is.exec(rule) ?? [];
  const conditions = list.match(/(?:'[^']*'|[^,'])+/g) ?? [];
  const isNarrow = (one: string) => NARROW.test(one);
  return !(how.toLowerCase() === 'any' ? conditions.every(isNarrow) : conditions.some(isNarrow));
}

const groupName = ({ displayName = '' }: DynamicGroup) => `dynamic group ${shown(displayName)}`;

const P05 = defineRule({
  id: 'P05',
  severity: 'high',
  title: 'Every instance or principal may exchange tokens',
  why: 'Being one of your runners replaces the client secret. This permission gives it to all.',
  needs: ['policies', 'domain', 'dynamicGroups'],
  check: (sources, context) => {
    const ofAnybody = exchangeGrants(sources.policies)
      .filter(({ statement }) => statement.isAnyUser && !isRestricted(statement))
      .map(({ policy, text }) => found(context, policy, text, shown(text)));
    const ofGroups = callersOf(sources)
      .filter(({ matchingRule }) => matchingRule !== undefined && matchesAll(matchingRule))
      .map((group) => ({
        object: groupName(group),
        key: group.id,
        evidence: `may call the exchange, and has the rule ${shown(group.matchingRule ?? '')}`,
        fix: patch(context, `DynamicResourceGroups/${group.id}`, group.meta, {
          op: 'replace',
          path: 'matchingRule',
          value: "Any {instance.compartment.id = '<OCID of the compartment of the runners>'}",
        }),
      }));
    return [...ofAnybody, ...ofGroups];
  },
});

const P06 = defineRule({
  id: 'P06',
  severity: 'medium',
  title: 'Runners may do more than exchange tokens',
  why: 'Every job on such an instance has these permissions, whatever its repository.',
  needs: ['policies', 'domain', 'dynamicGroups'],
  check: (sources, context) => {
    const callers = callersOf(sources);
    return statementsOf(sources.policies)
      .filter(({ statement }) => statement.permissions.join() !== EXCHANGE)
      .flatMap(({ policy, text, statement }) => {
        if (statement.dynamicGroups.length === 0) return [];
        const group = callers.find((one) => namesGroup(statement, one, sources.domain));
        return group === undefined
          ? []
          : [found(context, policy, text, `${groupName(group)}: ${shown(text)}`)];
      });
  },
});

export const SIGNER_RULES = [T16, T17, P05, P06] as const;
