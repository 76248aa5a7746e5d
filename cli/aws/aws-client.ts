// AWS IAM through the SDK's client, which signs requests and parses responses. They are sent as all requests of the command.
import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  IAMClient,
  type IAMClientConfig,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  ListRolesCommand,
  type Role as SdkRole,
  type Tag,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { requestHandler } from '../../src/aws/request-handler.ts';
import type { Http, RetriedCall } from '../../src/ports.ts';
import { parseObject, requestIdFrom } from '../../src/response.ts';
import type { Observer } from '../connect/observed.ts';
import { CommandError } from '../failure.ts';
import type { AwsIam, PolicyDocument, Role } from './aws.ts';
import { awsFailure } from './aws-failure.ts';

/** On everything that `setup` creates. */
export const MANAGED_BY: Tag = { Key: 'managed-by', Value: 'oci-wif' };

/** A page of roles with long trust policies stays below the limit of a response. */
const PAGE_SIZE = 50;
const MAX_PAGES = 1000;
const MAX_RESPONSE_CHARACTERS = 1024 * 1024;

const IAM_CALL: RetriedCall = {
  label: 'AWS IAM',
  transientReason: ({ text }) =>
    /<Code>((ConcurrentModification|Throttling|RequestLimitExceeded)(Exception)?)</.exec(text)?.[1],
};

type Send = <T>(action: string, call: () => Promise<T>) => Promise<T>;
const sending: Send = (action, call) =>
  call().catch((error: unknown) => {
    throw awsFailure(error, action);
  });

/**
 * A client with the credentials that the AWS CLI would use: variables, `AWS_PROFILE`, SSO, a process. They are read at the
 * first request.
 * @param observe gets every request that changes something
 */
export async function createAwsIam(http: Http, observe: Observer = () => {}): Promise<AwsIam> {
  const { iam, sts } = await createClients(observedHttp(http, observe));
  return {
    ...providerCalls(iam),
    ...roleCalls(iam),
    async caller() {
      const { Account: accountId = '', Arn: arn = '' } = await sending('Reading the AWS account', () =>
        sts.send(new GetCallerIdentityCommand()),
      );
      return { accountId, arn, partition: arn.split(':')[1] ?? 'aws' };
    },
  };
}

/** The action is in the form of the request, whose other members may hold what is no business of a journal. */
function observedHttp(http: Http, observe: Observer): Http {
  const send: Http['send'] = async (request, options) => {
    const action = new URLSearchParams(request.body).get('Action') ?? 'Get';
    if (/^(Get|List|AssumeRole)/.test(action)) return http.send(request, options);
    const { method, url } = request;
    const line = { method, url: `${url.origin}/?Action=${action}`, status: undefined, requestId: undefined };
    observe(line);
    const response = await http.send(request, options);
    observe({ ...line, status: response.status, requestId: requestIdFrom(response, 'x-amzn-requestid') });
    return response;
  };
  return { ...http, send };
}

async function createClients(http: Http): Promise<{ iam: IAMClient; sts: STSClient }> {
  const handler = requestHandler(http, IAM_CALL, { service: 'AWS', maxCharacters: MAX_RESPONSE_CHARACTERS });
  // IAM has one endpoint for each partition. Any region of the partition leads to it.
  const region = await new IAMClient().config.region().catch(() => 'us-east-1');
  const config = {
    region,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    requestHandler: handler,
    // The requests for the credentials, for example to SSO, go through the proxy too.
    credentialDefaultProvider: (init: object) =>
      defaultProvider({ ...init, clientConfig: { requestHandler: handler } }),
  } satisfies IAMClientConfig;
  return { iam: new IAMClient(config), sts: new STSClient(config) };
}

function providerCalls(
  iam: IAMClient,
): Pick<AwsIam, 'provider' | 'providers' | 'createProvider' | 'addClientId'> {
  return {
    provider: (arn) =>
      unlessAbsent(async () => {
        const found = await sending(`Reading the OIDC provider ${arn}`, () =>
          iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
        );
        const { Url = '', ClientIDList: clientIds = [], Tags } = found;
        return { arn, url: `https://${Url.replace(/^https:\/\//, '')}`, clientIds, tags: tagsOf(Tags) };
      }),
    async providers() {
      const { OpenIDConnectProviderList: list = [] } = await sending('Listing the OIDC providers', () =>
        iam.send(new ListOpenIDConnectProvidersCommand()),
      );
      return list.flatMap(({ Arn }) => Arn ?? []);
    },
    async createProvider(url, clientIds) {
      const input = { Url: url, ClientIDList: [...clientIds], Tags: [MANAGED_BY] };
      const { OpenIDConnectProviderArn: arn = '' } = await sending(`Creating the OIDC provider ${url}`, () =>
        iam.send(new CreateOpenIDConnectProviderCommand(input)),
      );
      return { arn, url, clientIds: [...clientIds], tags: tagsOf([MANAGED_BY]) };
    },
    async addClientId(arn, clientId) {
      const input = { OpenIDConnectProviderArn: arn, ClientID: clientId };
      await sending(`Adding a client ID to the OIDC provider ${arn}`, () =>
        iam.send(new AddClientIDToOpenIDConnectProviderCommand(input)),
      );
    },
  };
}

function roleCalls(
  iam: IAMClient,
): Pick<AwsIam, 'role' | 'roles' | 'createRole' | 'updateTrustPolicy' | 'attachedPolicies' | 'deleteRole'> {
  return {
    role: (name) =>
      unlessAbsent(async () => {
        const command = new GetRoleCommand({ RoleName: name });
        return roleOf((await sending(`Reading the role ${name}`, () => iam.send(command))).Role);
      }),
    async roles() {
      const pages = await allPages((Marker) =>
        sending('Listing the roles', () =>
          iam.send(new ListRolesCommand({ MaxItems: PAGE_SIZE, ...(Marker && { Marker }) })),
        ),
      );
      return pages.flatMap(({ Roles = [] }) => Roles.map(roleOf));
    },
    async createRole(name, description, trustPolicy) {
      const input = {
        RoleName: name,
        Description: description,
        AssumeRolePolicyDocument: JSON.stringify(trustPolicy),
        Tags: [MANAGED_BY],
      };
      const { Role } = await sending(`Creating the role ${name}`, () =>
        iam.send(new CreateRoleCommand(input)),
      );
      return { ...roleOf(Role), trustPolicy };
    },
    async updateTrustPolicy(name, trustPolicy) {
      const input = { RoleName: name, PolicyDocument: JSON.stringify(trustPolicy) };
      await sending(`Changing the trust policy of the role ${name}`, () =>
        iam.send(new UpdateAssumeRolePolicyCommand(input)),
      );
    },
    async attachedPolicies(name) {
      const pages = await allPages((Marker) =>
        sending(`Listing the policies of the role ${name}`, () =>
          iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name, ...(Marker && { Marker }) })),
        ),
      );
      return pages.flatMap(({ AttachedPolicies = [] }) =>
        AttachedPolicies.flatMap((one) => one.PolicyArn ?? []),
      );
    },
    async deleteRole(name) {
      await sending(`Deleting the role ${name}`, () => iam.send(new DeleteRoleCommand({ RoleName: name })));
    },
  };
}

async function allPages<Page extends { IsTruncated?: boolean | undefined; Marker?: string | undefined }>(
  next: (marker: string | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages = [await next(undefined)];
  for (let last = pages[0]; last?.IsTruncated === true && last.Marker; last = pages.at(-1)) {
    if (pages.length >= MAX_PAGES)
      throw new CommandError('RESPONSE_MALFORMED', 'AWS returned a list without an end.');
    pages.push(await next(last.Marker));
  }
  return pages;
}

async function unlessAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  return read().catch((error: unknown) => {
    if (error instanceof CommandError && error.details.serviceCode === 'NoSuchEntity') return undefined;
    throw error;
  });
}

/** @throws CommandError RESPONSE_MALFORMED */
function roleOf(role: SdkRole | undefined): Role {
  const { Arn: arn, RoleName: name, AssumeRolePolicyDocument: encoded = '' } = role ?? {};
  const trustPolicy = parsePolicy(encoded);
  if (arn === undefined || name === undefined || trustPolicy === undefined) {
    throw new CommandError(
      'RESPONSE_MALFORMED',
      `AWS returned the role ${name ?? ''} in a form that cannot be read.`,
    );
  }
  return {
    arn,
    name,
    maxSessionDuration: role?.MaxSessionDuration ?? 3600,
    trustPolicy,
    tags: tagsOf(role?.Tags),
  };
}

/** IAM percent-encodes policy documents in responses (RFC 3986). */
function parsePolicy(encoded: string): PolicyDocument | undefined {
  try {
    const policy = parseObject(decodeURIComponent(encoded));
    return typeof policy?.['Statement'] === 'object' ? (policy as PolicyDocument) : undefined;
  } catch {
    return undefined;
  }
}

function tagsOf(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
