// Reads what the AWS side depends on, in the identity domain, in GitHub and in AWS. Sends no request that changes anything.
import type { AwsCaller, AwsIam, OidcProvider, Role } from '../../aws/aws.ts';
import { providerArnOf } from '../../aws/trust-policy.ts';
import { APP_ATTRIBUTES } from '../../domain/attributes.ts';
import type { App, DomainSettings } from '../../domain/objects.ts';
import type { SetupContext } from '../part.ts';
import type { Snapshot } from '../snapshot.ts';
import type { AwsSelection } from './selection.ts';

export interface AwsSnapshot
  extends Pick<Snapshot, 'repository' | 'secrets' | 'variables' | 'domain' | 'ownApps'> {
  /** Applications that the set-up creates before this one. */
  plannedApps: number;
  /** The application that requests access tokens. */
  app: App | undefined;
  /** The resource server with the audience, which may be the same application. */
  resource: App | undefined;
  settings: DomainSettings;
  /** Typed to confirm a change of the settings. */
  domainName: string;
  /** `iss` of the access tokens: what the setting is, or has to become. */
  issuer: string;
  caller: AwsCaller;
  providerArn: string;
  provider: OidcProvider | undefined;
  role: Role | undefined;
}

export async function readAwsSide(
  { scim, selection }: SetupContext,
  { repository, secrets, variables, domain, ownApps, app, settings }: Snapshot,
  wanted: AwsSelection,
  aws: AwsIam,
): Promise<AwsSnapshot> {
  const apps = await scim.list('Apps', { attributes: APP_ATTRIBUTES });
  const issuer = ownIssuer(settings.issuer, scim.url) ?? scim.url.origin;
  const caller = await aws.caller();
  const providerArn = providerArnOf(caller, issuer);
  // Another account would respond as if nothing existed.
  const isAccount = caller.accountId === wanted.accountId;
  return {
    repository,
    secrets,
    variables,
    domain,
    ownApps,
    plannedApps: selection.clientAuth === 'secret' && app === undefined ? 1 : 0,
    app: apps.find(({ displayName }) => displayName === wanted.app),
    resource: apps.find((app) => app.isOAuthResource === true && app.audience === wanted.audience),
    settings,
    domainName: domain?.displayName ?? scim.url.hostname,
    issuer,
    caller,
    providerArn,
    provider: isAccount ? await aws.provider(providerArn) : undefined,
    role: isAccount ? await aws.role(wanted.role) : undefined,
  };
}

/** The setting, if it names the domain itself. IAM accepts no port in the URL of a provider. */
export function ownIssuer(issuer: string | undefined, domain: URL): string | undefined {
  if (issuer === undefined || !URL.canParse(issuer)) return undefined;
  const isWithoutPort = !/:\d/.test(issuer.replace(/^https:/, '')) || domain.port !== '';
  return new URL(issuer).origin === domain.origin && isWithoutPort ? issuer : undefined;
}
