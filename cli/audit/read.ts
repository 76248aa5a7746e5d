// Reads everything that the rules need. Sends no request that changes anything.
import type { Clients } from '../command.ts';
import type { AwsSelectors } from './read-aws.ts';
import { type Read, readDomain, readIam } from './read-domain.ts';
import { otherHosts, type RepositoryNames, readGitHub, repositoriesIn } from './read-github.ts';
import type { AuditContext, Snapshot, Sources } from './snapshot.ts';

interface AuditSelectors {
  domain: URL;
  /** `owner/name`: the only repository that is looked at. Undefined: all that rules name. */
  repository: string | undefined;
  /** Looked at beside those that rules name. */
  environment: string | undefined;
  /** Undefined: nothing is read from AWS. */
  aws: AwsSelectors | undefined;
}

const NOT_REQUESTED = { gaps: [] };

/** @throws CommandError when the domain does not respond, or when there are no credentials for it */
export async function readSnapshot(
  clients: Clients,
  selectors: AuditSelectors,
  context: AuditContext,
  report: (line: string) => void,
): Promise<Snapshot> {
  const { domain: domainUrl, aws } = selectors;
  const scim = await clients.scim(domainUrl);
  report(`Reading the identity domain ${domainUrl.host}`);
  const domain = await readDomain(scim);
  const { settings, trusts, rules } = domain;
  report('Reading policies');
  const domainOcid = settings.data?.domainOcid ?? trusts.data?.[0]?.domainOcid;
  const iam = await readIam(clients, domainOcid, domainUrl);
  const github = await readRepositories(clients, rules, { ...selectors, host: context.githubHost }, report);
  if (aws === undefined) {
    const notRead = { discovery: NOT_REQUESTED, providers: NOT_REQUESTED, roles: NOT_REQUESTED };
    const sources = { ...domain, ...iam, ...github, ...notRead, attachments: NOT_REQUESTED };
    return { context, includesAws: false, sources };
  }
  report('Reading AWS');
  const { readAws } = await import('./read-aws.ts');
  const issuer = settings.data?.issuer ?? '';
  const hosts = [domainUrl.hostname, ...(URL.canParse(issuer) ? [new URL(issuer).hostname] : [])];
  const sources = { ...domain, ...iam, ...github, ...(await readAws(clients, aws, domainUrl, hosts)) };
  return { context, includesAws: true, sources };
}

async function readRepositories(
  clients: Clients,
  rules: Read<Sources>['rules'],
  { repository, environment, host }: AuditSelectors & { host: string },
  report: (line: string) => void,
): ReturnType<typeof readGitHub> {
  const named: RepositoryNames = repositoriesIn(rules.data ?? [], host);
  if (repository !== undefined) {
    const environments = new Set([
      ...(named.get(repository) ?? []),
      ...(environment === undefined ? [] : [environment]),
    ]);
    return readGitHub(clients, new Map([[repository, environments]]), report);
  }
  const read = await readGitHub(clients, named, report);
  // Without all rules, nobody knows which repositories are missing.
  const missing = [...rules.gaps, ...otherHosts(rules.data ?? [], host)];
  const withGaps = Object.entries(read).map(([name, source]) => [
    name,
    { ...source, gaps: [...source.gaps, ...missing] },
  ]);
  return Object.fromEntries(withGaps) as Awaited<ReturnType<typeof readGitHub>>;
}
