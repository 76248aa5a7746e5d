// The AWS side of the world with its gaps filled: providers and roles that fit the default domain and its app.
// Must not know requests or tokens.
import type { AwsRole, IamProvider, TrustPolicy } from '../server/aws-settings.ts';
import type { World } from '../server/world.ts';

const ACCOUNT = '123456789012';
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/deploy`;

export interface RoleName {
  partition: string;
  account: string;
  /** Without its path. */
  name: string;
}

export function domainIssuer(world: World): string {
  return world.settings.domainIssuer ?? world.urls.domain;
}

export function awsClientId({ settings }: World): string {
  return settings.awsClientId ?? settings.clientId;
}

export function iamProvidersOf(world: World): IamProvider[] {
  const { iamProviders, primaryAudience } = world.settings;
  return iamProviders.map((provider) => ({
    account: ACCOUNT,
    url: domainIssuer(world),
    clientIds: [primaryAudience],
    ...provider,
  }));
}

export function rolesOf(world: World): AwsRole[] {
  return world.settings.roles.map((role) => ({
    arn: ROLE_ARN,
    maxSessionDuration: 3600,
    trustPolicy: defaultTrustPolicy(role.arn ?? ROLE_ARN, world),
    ...role,
  }));
}

/** IAM takes providers by https only, and a real one has no port. */
export function withoutScheme(url: string): string {
  return url.replace(/^https:\/\//, '');
}

export function providerArn({ partition, account }: RoleName, url: string): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${withoutScheme(url)}`;
}

export function readRoleArn(arn: string): RoleName | undefined {
  const [, partition, account, name] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[!-.0-~]+\/)*([\w+=,.@-]{1,64})$/.exec(arn) ?? [];
  return partition === undefined || account === undefined || name === undefined
    ? undefined
    : { partition, account, name };
}

function defaultTrustPolicy(arn: string, world: World): TrustPolicy {
  const host = withoutScheme(domainIssuer(world));
  const role = readRoleArn(arn) ?? { partition: 'aws', account: ACCOUNT, name: '' };
  const { primaryAudience } = world.settings;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: providerArn(role, domainIssuer(world)) },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${host}:aud`]: primaryAudience, [`${host}:sub`]: awsClientId(world) },
        },
      },
    ],
  };
}
