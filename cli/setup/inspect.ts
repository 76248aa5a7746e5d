// Reads everything that a plan depends on. One request at a time: a Free domain allows 20 in a second.
import { APP_ATTRIBUTES, GROUP_ATTRIBUTES, USER_ATTRIBUTES } from '../domain/attributes.ts';
import type { Group, IdentityPropagationTrust, User } from '../domain/objects.ts';
import { listTrusts, readSettings, readTrust } from '../domain/reads.ts';
import { quoted, type Scim } from '../domain/scim.ts';
import { markFor, markOf } from './names.ts';
import type { SetupContext } from './part.ts';
import { readDynamicGroup } from './runners/dynamic-group.ts';
import { targetOf } from './selection.ts';
import type { Snapshot } from './snapshot.ts';

/** Sends no request that changes anything. @throws CommandError when a service refuses */
export async function inspect(context: SetupContext): Promise<Snapshot> {
  const { scim, iam, github, selection } = context;
  const { environment, names, allow, compartment, clientAuth } = selection;
  const repository = await github.repository();
  const mark = markFor(repository.id, targetOf(selection));
  const customization = await github.subjectCustomization();
  const found = environment === undefined ? undefined : await github.environment(environment);
  const isThere = environment === undefined || found !== undefined;
  const secrets = isThere ? await github.secrets(environment) : undefined;
  const variables = isThere ? await github.variables(environment) : {};
  const settings = await readSettings(scim);
  const { domainOcid } = settings;
  return {
    domainUrl: scim.url.origin,
    profileRegion: context.profileRegion,
    settings,
    domain: iam === undefined || domainOcid === undefined ? undefined : await iam.domain(domainOcid),
    repository,
    customization,
    environment: found,
    secrets,
    variables,
    ...(await readApps(scim, names.app)),
    dynamicGroup: clientAuth === 'secret' ? undefined : await readDynamicGroup(scim, names.runners),
    user: await readUser(scim, names.user, mark),
    group: await readGroup(scim, names.group, mark),
    policies:
      iam === undefined || compartment === undefined || allow.length === 0
        ? undefined
        : await iam.policies(compartment),
    trust: await readTrustFor(scim, selection.issuer),
  };
}

async function readApps(scim: Scim, name: string): Promise<Pick<Snapshot, 'app' | 'ownApps'>> {
  const apps = await scim.list('Apps', { attributes: APP_ATTRIBUTES });
  const own = apps.filter(({ isOPCService }) => isOPCService !== true);
  return {
    app: apps.find(({ displayName }) => isNamed(displayName, name)),
    ownApps: own.map(({ displayName }) => displayName ?? ''),
  };
}

/** By its mark first: the repository may have been renamed since. */
export async function readUser(scim: Scim, name: string, mark: string): Promise<User | undefined> {
  const marked = `externalId eq ${quoted(mark)} or tags.value eq ${quoted(mark)}`;
  const filter = `${marked} or userName eq ${quoted(name)}`;
  const users = await scim.list('Users', { filter, attributes: USER_ATTRIBUTES });
  return users.find((user) => markOf(user) === mark) ?? users.find(({ userName }) => isNamed(userName, name));
}

export async function readGroup(scim: Scim, name: string, mark: string): Promise<Group | undefined> {
  const filter = `externalId eq ${quoted(mark)} or displayName eq ${quoted(name)}`;
  const groups = await scim.list('Groups', { filter, attributes: GROUP_ATTRIBUTES });
  return (
    groups.find(({ externalId }) => externalId === mark) ??
    groups.find(({ displayName }) => isNamed(displayName, name))
  );
}

/** Names of a domain are compared without case. A domain that ignores a filter must not lead to another object. */
const isNamed = (actual: string | undefined, name: string) => actual?.toLowerCase() === name.toLowerCase();

/** The only trust for the issuer. */
export async function readTrustFor(
  scim: Scim,
  issuer: string,
): Promise<IdentityPropagationTrust | undefined> {
  const trusts = await listTrusts(scim, `issuer eq ${quoted(issuer)}`);
  const listed = trusts.find((trust) => trust.issuer === issuer);
  return listed && (await readTrust(scim, listed.id));
}
