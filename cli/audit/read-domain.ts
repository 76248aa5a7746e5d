// Reads what the rules need from the identity domain and from IAM. One request at a time: a Free domain allows 20 in a second.
import type { Clients } from '../command.ts';
import { APP_ATTRIBUTES, DYNAMIC_GROUP_ATTRIBUTES, USER_ATTRIBUTES } from '../domain/attributes.ts';
import {
  CREDENTIALS_EXTENSION,
  type Group,
  type IdentityPropagationTrust,
  USER_EXTENSION,
  type User,
} from '../domain/objects.ts';
import { listTrusts, readSettings, readTrusts } from '../domain/reads.ts';
import { quoted, type Scim } from '../domain/scim.ts';
import { CommandError } from '../failure.ts';
import type { Iam } from '../iam/iam.ts';
import { ruleName, shown } from './rules/names.ts';
import { ADMINISTRATORS } from './rules/users.ts';
import type { Source, Sources } from './snapshot.ts';
import { gapOf, readEach, readSource, readWith } from './source.ts';
import { hidesRules, rulesOf } from './trust-rules.ts';

type DomainSources = Pick<
  Sources,
  'trusts' | 'rules' | 'apps' | 'users' | 'groups' | 'dynamicGroups' | 'grants' | 'settings'
>;
export type Read<Of> = { [Name in keyof Of]: Source<Of[Name]> };

const CREDENTIALS = [
  ...['apiKeys', 'authTokens', 'customerSecretKeys', 'dbCredentials', 'oAuth2ClientCredentials'],
  'smtpCredentials',
];
const USER = [
  ...USER_ATTRIBUTES,
  ...['groups', `${USER_EXTENSION}:appRoles`],
  ...CREDENTIALS.map((name) => `${CREDENTIALS_EXTENSION}:${name}`),
];
const GROUP = ['displayName', 'ocid', 'meta'];
const GRANT = ['grantee', 'app', 'entitlement'];

/** @throws CommandError when there is no response at all: then nothing can be audited */
export async function readDomain(scim: Scim): Promise<Read<DomainSources>> {
  const trusts = await readAllTrusts(scim);
  const rules = readRules(trusts);
  const apps = await readSource(() => scim.list('Apps', { attributes: APP_ATTRIBUTES }));
  const users = await readWith(rules, (entries) =>
    readUsers(scim, [...new Set(entries.map(({ user }) => user))]),
  );
  const groups = await readWith(users, (all) => readGroups(scim, all));
  const dynamicGroups = await readDynamicGroups(scim);
  const settings = await readSource(() => readSettings(scim));
  const grants = await readGrants(scim, { apps, users });
  return { trusts, rules, apps, users, groups, dynamicGroups, settings, grants };
}

async function readAllTrusts(scim: Scim): Promise<Source<IdentityPropagationTrust[]>> {
  const listed = await listTrusts(scim).catch((error: unknown) => {
    if (error instanceof CommandError && error.code === 'SERVICE_UNREACHABLE') throw error;
    return gapOf(error);
  });
  if (typeof listed === 'string') return { gaps: [listed] };
  return readSource(() => readTrusts(scim, listed));
}

function readRules(trusts: Source<readonly IdentityPropagationTrust[]>): Source<Sources['rules']> {
  if (trusts.data === undefined) return { gaps: trusts.gaps };
  const hidden = trusts.data.filter(hidesRules).map(({ name, id }) => {
    return `The domain did not return the rules of the trust ${name ?? id}, although it was asked for them.`;
  });
  const data = trusts.data.flatMap(rulesOf);
  // A domain may still evaluate such a rule, for example if it ignores a line break.
  const unreadable = data
    .filter(({ operator }) => operator === undefined)
    .map((entry) => `${ruleName(entry)} has a form that this command does not know: ${shown(entry.rule)}.`);
  return { data, gaps: [...trusts.gaps, ...hidden, ...unreadable] };
}

/** The length of a URL is limited. */
const IDS_IN_FILTER = 20;

/** `attribute eq` for any of the values, in several filters. */
function filters(values: readonly string[], attribute: (value: string) => string): string[] {
  const comparisons = values.map((value) => `${attribute(value)} eq ${quoted(value)}`);
  const count = Math.ceil(comparisons.length / IDS_IN_FILTER);
  return Array.from({ length: count }, (_, at) =>
    comparisons.slice(at * IDS_IN_FILTER, (at + 1) * IDS_IN_FILTER).join(' or '),
  );
}

/** All service users, and those of the ids that are none. */
async function readUsers(scim: Scim, ids: readonly string[]): Promise<User[]> {
  const users = await scim.list('Users', {
    filter: `${USER_EXTENSION}:serviceUser eq true`,
    attributes: USER,
  });
  const known = new Set(users.flatMap(({ id, ocid = '' }) => [id, ocid]));
  const others = ids.filter((id) => !known.has(id));
  for (const filter of filters(others, (id) => (id.startsWith('ocid1.') ? 'ocid' : 'id')))
    users.push(...(await scim.list('Users', { filter, attributes: USER })));
  return users;
}

/** A group of all users can have thousands of members, so only those of administrators are read. */
async function readGroups(scim: Scim, users: readonly User[]): Promise<Sources['groups']> {
  const ids = [...new Set(users.flatMap(({ groups = [] }) => groups.map(({ value }) => value)))];
  const found = new Map<string, Group>();
  const read = async (filter: string, attributes: readonly string[]) => {
    for (const group of await scim.list('Groups', { filter, attributes })) found.set(group.id, group);
  };
  for (const filter of filters(ids, () => 'id')) await read(filter, GROUP);
  for (const filter of filters(ADMINISTRATORS, () => 'displayName'))
    await read(filter, [...GROUP, 'members']);
  return [...found.values()];
}

async function readDynamicGroups(scim: Scim): Promise<Source<Sources['dynamicGroups']>> {
  const read = await readSource(() =>
    scim.list('DynamicResourceGroups', { attributes: DYNAMIC_GROUP_ATTRIBUTES }),
  );
  const hidden = (read.data ?? [])
    .filter(({ matchingRule }) => matchingRule === undefined)
    .map(
      ({ displayName, id }) =>
        `The domain did not return the rule of the dynamic group ${displayName ?? id}.`,
    );
  return { ...read, gaps: [...read.gaps, ...hidden] };
}

/** Their ids are needed only to take a role away. */
async function readGrants(
  scim: Scim,
  { apps, users }: Pick<Read<DomainSources>, 'apps' | 'users'>,
): Promise<Source<Sources['grants']>> {
  const withRole = [
    ...(apps.data ?? []).filter(({ grantedAppRoles = [] }) =>
      grantedAppRoles.some(({ adminRole }) => adminRole),
    ),
    ...(users.data ?? []).filter((user) =>
      user[USER_EXTENSION]?.appRoles?.some(({ adminRole }) => adminRole),
    ),
  ];
  const all = filters(
    withRole.map(({ id }) => id),
    () => 'grantee.value',
  );
  return readEach(all, (filter) => scim.list('Grants', { filter, attributes: GRANT }));
}

/** @param domainOcid as an object of the domain names it */
export async function readIam(
  clients: Pick<Clients, 'iam'>,
  domainOcid: string | undefined,
  domainUrl: URL,
): Promise<Read<Pick<Sources, 'domain' | 'policies'>>> {
  const iam = await readSource(() => clients.iam());
  const domain = await readWith(iam, (client) => findDomain(client, domainOcid, domainUrl));
  const compartments = await readWith(iam, (client) => client.compartments());
  if (iam.data === undefined || compartments.data === undefined)
    return { domain, policies: { gaps: compartments.gaps } };
  const client = iam.data;
  return { domain, policies: await readEach(compartments.data, ({ id }) => client.policies(id)) };
}

async function findDomain(iam: Iam, ocid: string | undefined, { host }: URL): Promise<Sources['domain']> {
  if (ocid !== undefined) return iam.domain(ocid);
  for (const { id } of await iam.compartments()) {
    const found = (await iam.domains(id)).find(
      ({ url }) => URL.canParse(url) && new URL(url).hostname === host,
    );
    if (found !== undefined) return found;
  }
  throw new CommandError('NOT_FOUND', `The tenancy of the profile has no domain ${host}.`);
}
