// Reads from AWS the providers for the domain, and the roles that trust them.
import type { Http } from '../../src/ports.ts';
import { parseObject } from '../../src/response.ts';
import type { AwsIam, Role } from '../aws/aws.ts';
import type { Clients } from '../command.ts';
import { CommandError } from '../failure.ts';
import type { Read } from './read-domain.ts';
import { federatedStatements } from './rules/role-policy.ts';
import type { Sources } from './snapshot.ts';
import { readSource, readWith } from './source.ts';

type AwsSources = Pick<Sources, 'discovery' | 'providers' | 'roles' | 'attachments'>;

export interface AwsSelectors {
  /** Undefined: that of the credentials. */
  accountId: string | undefined;
  /** Undefined: all roles of the account. */
  role: string | undefined;
}

/** @param hosts of the issuers whose providers belong to the domain */
export async function readAws(
  clients: Pick<Clients, 'aws' | 'http'>,
  { accountId, role }: AwsSelectors,
  domainUrl: URL,
  hosts: readonly string[],
): Promise<Read<AwsSources>> {
  const aws = await readSource(async () => {
    const client = await clients.aws();
    const caller = await client.caller();
    if (accountId === undefined || caller.accountId === accountId) return client;
    throw new CommandError(
      'OPTION_INVALID',
      `The AWS credentials are for account ${caller.accountId}, not ${accountId}.`,
      {
        remedy: 'Set AWS_PROFILE to a profile of that account.',
      },
    );
  });
  const providers = await readWith(aws, (client) => readProviders(client, hosts));
  const roles = await readWith(aws, async (client) => {
    const trusts = (one: Role) =>
      (providers.data ?? []).some((provider) => federatedStatements(one, provider).length > 0);
    return (await readRoles(client, role)).filter(trusts);
  });
  const attachments = await readWith(aws, async (client) => {
    const pairs = [];
    for (const { name } of roles.data ?? []) pairs.push([name, await client.attachedPolicies(name)] as const);
    return new Map(pairs);
  });
  return {
    discovery: await readSource(() => readDiscovery(clients.http, domainUrl)),
    providers,
    roles,
    attachments,
  };
}

/** IAM has no filter: the ARN of a provider ends with its URL. */
async function readProviders(aws: AwsIam, hosts: readonly string[]): Promise<Sources['providers']> {
  const arns = (await aws.providers()).filter((arn) => hosts.some((host) => hostIn(arn) === host));
  const providers = [];
  for (const arn of arns) providers.push((await aws.provider(arn)) ?? []);
  return providers.flat();
}

/** Without port and path. */
const hostIn = (arn: string) => /:oidc-provider\/([^/:]+)/.exec(arn)?.[1];

async function readRoles(aws: AwsIam, name: string | undefined): Promise<Sources['roles']> {
  if (name === undefined) return aws.roles();
  const role = await aws.role(name);
  if (role !== undefined) return [role];
  throw new CommandError('NOT_FOUND', `The AWS account has no role ${name}.`, {
    remedy: 'Check `--aws-role`.',
  });
}

/** As AWS reads it: without credentials. */
async function readDiscovery(http: Http, domainUrl: URL): Promise<string> {
  const url = new URL('/.well-known/openid-configuration', domainUrl);
  const { response } = await http.retry({ label: 'discovery document' }, async () => ({
    response: await http.send({ method: 'GET', url, headers: { accept: 'application/json' } }),
  }));
  const issuer = parseObject(response.text)?.['issuer'];
  if (response.status === 200 && typeof issuer === 'string') return issuer;
  throw new CommandError(
    'RESPONSE_MALFORMED',
    `${url.host} sent no discovery document (status ${response.status}).`,
  );
}
