// W01–W04, S01 and S03: AWS roles that trust the identity domain, and what AWS needs from the domain.
import { quote } from '../../../src/response.ts';
import type { OidcProvider, PolicyStatement, Role } from '../../aws/aws.ts';
import { statementsOf } from '../../aws/trust-policy.ts';
import type { App } from '../../domain/objects.ts';
import { comment, inShell, inShellIfNeeded } from '../../shell.ts';
import { lines } from '../fixes.ts';
import { defineRule } from '../rule.ts';
import type { Sources } from '../snapshot.ts';
import { hostOf, providerName, shown } from './names.ts';
import { comparisonsOf, federatedStatements, isKey, refusesUnlisted, subjectsOf } from './role-policy.ts';

const roleName = ({ name }: Role) => `AWS role ${quote(name, [])}`;

/** Statements for the domain, with their role and provider. */
function domainStatements({ roles, providers }: Pick<Sources, 'roles' | 'providers'>) {
  return roles.flatMap((role) =>
    providers.flatMap((provider) =>
      federatedStatements(role, provider).map((statement) => ({ role, provider, statement })),
    ),
  );
}

function writeStatements({ name, trustPolicy }: Role, Statement: readonly PolicyStatement[]): string {
  const document = inShell(JSON.stringify({ ...trustPolicy, Statement }));
  return `aws iam update-assume-role-policy --role-name ${inShellIfNeeded(name)} --policy-document ${document}`;
}

/** Writes the trust policy with one statement changed so that it compares `aud` and `sub` exactly. */
function compareExactly(
  role: Role,
  provider: OidcProvider,
  statement: PolicyStatement,
  apps: readonly App[] | undefined,
): string {
  const host = hostOf(provider);
  const others = comparisonsOf(statement).filter((one) => !isKey(one, 'aud') && !isKey(one, 'sub'));
  const known = comparisonsOf(statement)
    .filter((one) => isKey(one, 'sub') && refusesUnlisted(one))
    .flatMap(({ values }) => values);
  const exact = known.filter((one) => !/[*?]/.test(one));
  const clients = exact.length > 0 ? exact : clientsFor(provider, apps);
  const condition: Record<string, Record<string, string | readonly string[]>> = {
    StringEquals: { [`${host}:aud`]: one(provider.clientIds), [`${host}:sub`]: one(clients) },
  };
  for (const { operator, key, values } of others)
    condition[operator] = { ...condition[operator], [key]: one(values) };
  const all = statementsOf(role.trustPolicy);
  return lines(
    comment(`Check the client ids first: ${clients.join(', ')}`),
    writeStatements(
      role,
      all.map((each) => (each === statement ? { ...statement, Condition: condition } : each)),
    ),
  );
}

const one = (values: readonly string[]) => (values.length === 1 ? (values[0] ?? '') : values);

/** Clients that may ask for a token with an audience of the provider. */
function clientsFor({ clientIds }: OidcProvider, apps: readonly App[] = []): string[] {
  const clients = apps
    .filter(({ allowedScopes = [] }) =>
      allowedScopes.some(({ fqs }) => clientIds.some((id) => fqs.startsWith(id))),
    )
    .flatMap(({ name = [] }) => name);
  return clients.length > 0 ? clients : ['<client id>'];
}

const W01 = defineRule({
  id: 'W01',
  severity: 'critical',
  title: 'An AWS role compares neither client nor user',
  why: 'Every application of the domain that gets a token with the audience becomes the role. So does every user, and perhaps every instance, whose session gets one.',
  needs: ['roles', 'providers'],
  check: ({ roles, providers, apps }) =>
    domainStatements({ roles, providers }).flatMap(({ role, provider, statement }) => {
      if (comparisonsOf(statement).some((one) => isKey(one, 'sub') && refusesUnlisted(one))) return [];
      return [
        {
          object: roleName(role),
          key: `${role.arn}\n${provider.arn}\n${statement.Sid ?? ''}`,
          evidence: `a statement for ${shown(hostOf(provider))} has no condition on \`:sub\``,
          fix: compareExactly(role, provider, statement, apps),
        },
      ];
    }),
});

const W02 = defineRule({
  id: 'W02',
  severity: 'high',
  title: 'An AWS role compares client or audience loosely',
  why: 'A wildcard admits applications that are created later. `ForAllValues:` is true when the claim is absent.',
  needs: ['roles', 'providers'],
  check: ({ roles, providers, apps }) =>
    domainStatements({ roles, providers }).flatMap(({ role, provider, statement }) =>
      comparisonsOf(statement)
        .filter((one) => {
          const isLoose =
            refusesUnlisted(one) &&
            /Like/i.test(one.operator) &&
            one.values.some((value) => /[*?]/.test(value));
          const isVacuous = /^ForAllValues:/i.test(one.operator);
          return (isKey(one, 'sub') && (isLoose || isVacuous)) || (isKey(one, 'aud') && isVacuous);
        })
        .map(({ operator, key, values }) => ({
          object: roleName(role),
          key: [role.arn, provider.arn, statement.Sid ?? '', operator, key].join('\n'),
          evidence: `compares ${shown(key)} with ${shown(operator)} ${values.map(shown).join(', ')}`,
          fix: compareExactly(role, provider, statement, apps),
        })),
    ),
});

const W03 = defineRule({
  id: 'W03',
  severity: 'medium',
  title: 'AWS names an unknown audience or client',
  why: 'Nothing can log in with it today. Whoever creates an application with this audience or ID later can.',
  needs: ['roles', 'providers', 'apps'],
  uses: ['users'],
  requiresAll: true,
  check: ({ roles, providers, apps, users = [] }) => {
    const audiences = new Set(
      apps.flatMap(({ isOAuthResource, audience }) => (isOAuthResource && audience ? [audience] : [])),
    );
    // With `aws-token-source: session`, `sub` is the name of a service user.
    const clients = new Set([...apps.map(({ name }) => name), ...users.map(({ userName }) => userName)]);
    const ofProviders = providers.flatMap((provider) =>
      provider.clientIds
        .filter((id) => !audiences.has(id))
        .map((id) => ({
          object: providerName(provider),
          key: `${provider.arn}\n${id}`,
          evidence: `lists the client id ${shown(id)}, which is the audience of no application`,
          fix: `aws iam remove-client-id-from-open-id-connect-provider --open-id-connect-provider-arn ${inShellIfNeeded(provider.arn)} --client-id ${inShellIfNeeded(id)}`,
        })),
    );
    const ofRoles = roles.flatMap((role) =>
      subjectsOf(role, providers)
        .filter((id) => !/[*?]/.test(id) && !clients.has(id))
        .map((id) => ({
          object: roleName(role),
          key: `${role.arn}\n${id}`,
          evidence: `admits the client ${shown(id)}, which is no application or service user of the domain`,
          fix: withoutSubject(role, providers, id),
        })),
    );
    return [...ofProviders, ...ofRoles];
  },
});

/** A statement that admits only this client is left out. */
function withoutSubject(role: Role, providers: readonly OidcProvider[], id: string): string {
  const all = statementsOf(role.trustPolicy);
  const domains = providers.flatMap((provider) => federatedStatements(role, provider));
  const kept = all.flatMap((statement) => {
    if (!domains.includes(statement)) return [statement];
    const condition: Record<string, Record<string, string | readonly string[]>> = {};
    for (const comparison of comparisonsOf(statement)) {
      const { operator, key, values } = comparison;
      const rest = isKey(comparison, 'sub') ? values.filter((value) => value !== id) : values;
      if (rest.length === 0) return [];
      condition[operator] = { ...condition[operator], [key]: one(rest) };
    }
    return [statement.Condition === undefined ? statement : { ...statement, Condition: condition }];
  });
  // A trust policy needs a statement.
  if (kept.length === 0) return `aws iam delete-role --role-name ${inShellIfNeeded(role.name)}`;
  return writeStatements(role, kept);
}

/** The maximum of AWS. */
const LONGEST_SESSION_SECONDS = 43_200;

const W04 = defineRule({
  id: 'W04',
  severity: 'medium',
  title: 'An AWS role is an administrator, or lasts long',
  why: 'Whoever has the client secret can become the role, with all of its rights and for as long as its sessions last.',
  needs: ['roles', 'providers', 'attachments'],
  check: ({ roles, attachments }) =>
    roles.flatMap((role) => {
      const name = inShellIfNeeded(role.name);
      const administrators = (attachments.get(role.name) ?? []).filter((arn) =>
        /:policy\/AdministratorAccess$/.test(arn),
      );
      const ofPolicies = administrators.map((arn) => ({
        object: roleName(role),
        key: `${role.arn}\n${arn}`,
        evidence: 'has the policy `AdministratorAccess`',
        fix: `aws iam detach-role-policy --role-name ${name} --policy-arn ${inShellIfNeeded(arn)}`,
      }));
      if (role.maxSessionDuration < LONGEST_SESSION_SECONDS) return ofPolicies;
      const ofDuration = {
        object: roleName(role),
        key: `${role.arn}\nduration`,
        evidence: `allows sessions of ${role.maxSessionDuration / 3600} hours`,
        fix: `aws iam update-role --role-name ${name} --max-session-duration 3600`,
      };
      return [...ofPolicies, ofDuration];
    }),
});

export const AWS_RULES = [W01, W02, W03, W04] as const;
