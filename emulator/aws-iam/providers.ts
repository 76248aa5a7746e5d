// OIDC providers: one for each URL and account.
// Source: IAM API Reference, "CreateOpenIDConnectProvider" and its neighbours.
import type { XmlMembers } from '../server/aws-xml.ts';
import type { IamProvider } from '../server/settings.ts';
import type { World } from '../server/world.ts';
import { iamProvidersOf, providerArn } from '../sts/iam.ts';
import { type Action, type ActionCall, membersOf, required, shownTags, tagsOf } from './parameters.ts';
import { refuse } from './responses.ts';

const MAX_CLIENT_IDS = 100;

export const PROVIDER_ACTIONS = {
  CreateOpenIDConnectProvider: create,
  GetOpenIDConnectProvider: get,
  ListOpenIDConnectProviders: list,
  AddClientIDToOpenIDConnectProvider: addClientId,
  TagOpenIDConnectProvider: tag,
} satisfies Record<string, Action>;

function arnOf({ account, url }: IamProvider): string {
  return providerArn({ partition: 'aws', account, name: '' }, url);
}

function find({ form, world, account }: ActionCall): IamProvider {
  const arn = required(form, 'OpenIDConnectProviderArn');
  const found = iamProvidersOf(world).find((one) => one.account === account && arnOf(one) === arn);
  if (!found) throw refuse('noProvider', arn, { arn });
  return found;
}

function store(world: World, changed: IamProvider): void {
  const others = iamProvidersOf(world).filter((one) => arnOf(one) !== arnOf(changed));
  world.settings.iamProviders = [...others, changed];
}

/** AWS fetches the keys of the issuer; the settings say whether it reaches it. */
function create(call: ActionCall): XmlMembers {
  const { form, world, account } = call;
  const url = required(form, 'Url', /^https:\/\/[^?#]{1,247}$/);
  const clientIds = checkCount(membersOf(form, 'ClientIDList'));
  const provider = { account, url, clientIds, tags: tagsOf(form), created: world.now() };
  if (iamProvidersOf(world).some((one) => arnOf(one) === arnOf(provider)))
    throw refuse('providerExists', url, { url });
  if (!world.settings.awsReachesIssuer) throw refuse('unreachable');
  store(world, provider);
  return { OpenIDConnectProviderArn: arnOf(provider), Tags: shownTags(provider.tags) };
}

/** `Url` has no scheme. */
function get(call: ActionCall): XmlMembers {
  const { url, clientIds, tags, created } = find(call);
  return {
    Url: url.replace(/^https:\/\//, ''),
    ClientIDList: { member: [...clientIds] },
    ThumbprintList: { member: ['0123456789abcdef0123456789abcdef01234567'] },
    CreateDate: new Date(created ?? call.world.now()).toISOString(),
    Tags: shownTags(tags),
  };
}

function list({ world, account }: ActionCall): XmlMembers {
  const own = iamProvidersOf(world).filter((one) => one.account === account);
  return { OpenIDConnectProviderList: { member: own.map((one) => ({ Arn: arnOf(one) })) } };
}

/** Does nothing when the provider has it. */
function addClientId(call: ActionCall): undefined {
  const provider = find(call);
  const clientId = required(call.form, 'ClientID', /^.{1,255}$/);
  const clientIds = checkCount([...new Set([...provider.clientIds, clientId])]);
  store(call.world, { ...provider, clientIds });
}

function checkCount(clientIds: string[]): string[] {
  if (clientIds.length <= MAX_CLIENT_IDS) return clientIds;
  throw refuse('limit', 'client ids', {
    quota: 'ClientIdsPerOpenIdConnectProvider',
    maximum: MAX_CLIENT_IDS,
  });
}

function tag(call: ActionCall): undefined {
  const provider = find(call);
  store(call.world, { ...provider, tags: { ...provider.tags, ...tagsOf(call.form) } });
}
