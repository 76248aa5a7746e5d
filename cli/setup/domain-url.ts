// Which identity domain the command is about.
import { domainUrl } from '../../src/inputs/parsers.ts';
import type { Clients } from '../command.ts';
import { CommandError } from '../failure.ts';

/**
 * The domain that was named, else the only one of the tenancy.
 * @throws CommandError OPTION_INVALID
 */
export async function findDomain(given: string | undefined, clients: Clients): Promise<URL> {
  if (given !== undefined) return parse(given);
  const { tenancy, reachesIam } = await clients.oci();
  if (tenancy === undefined || !reachesIam)
    throw new CommandError(
      'OPTION_INVALID',
      '`--domain-url` is missing: a bearer token does not name its domain.',
    );
  const domains = await (await clients.iam()).domains(tenancy);
  const [only] = domains;
  if (only !== undefined && domains.length === 1) return parse(only.url);
  const list = domains.map(({ displayName, url }) => `${displayName}: ${url}`).join(', ');
  const what = list === '' ? 'has no domain in its root compartment' : `has several domains: ${list}`;
  throw new CommandError('OPTION_INVALID', `The tenancy ${what}.`, {
    remedy: 'Name one with `--domain-url`.',
  });
}

function parse(raw: string): URL {
  try {
    return domainUrl(raw);
  } catch (error) {
    throw new CommandError('OPTION_INVALID', `\`--domain-url\` ${(error as Error).message}.`);
  }
}
