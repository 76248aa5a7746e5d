// Reads that several commands share.
import { CommandError } from '../failure.ts';
import { SETTINGS_ATTRIBUTES, TRUST_ATTRIBUTES } from './attributes.ts';
import type { DomainSettings, IdentityPropagationTrust } from './objects.ts';
import type { Scim } from './scim.ts';

/** @throws CommandError NOT_FOUND */
export async function readSettings(scim: Scim): Promise<DomainSettings> {
  const settings = await scim.get('Settings', 'Settings', SETTINGS_ATTRIBUTES);
  if (settings !== undefined) return settings;
  throw new CommandError(
    'NOT_FOUND',
    `${scim.url.host} is not an identity domain: it returned no settings.`,
    {
      remedy: 'Check `--domain-url`.',
    },
  );
}

export const readTrust = (scim: Scim, id: string) =>
  scim.get('IdentityPropagationTrusts', id, TRUST_ATTRIBUTES);

/** A domain has 30 at most. */
export async function readTrusts(
  scim: Scim,
  listed: readonly Pick<IdentityPropagationTrust, 'id'>[],
): Promise<IdentityPropagationTrust[]> {
  const trusts: IdentityPropagationTrust[] = [];
  for (const { id } of listed) {
    const trust = await readTrust(scim, id);
    if (trust !== undefined) trusts.push(trust);
  }
  return trusts;
}

export const listTrusts = (scim: Scim, filter?: string) =>
  scim.list('IdentityPropagationTrusts', {
    ...(filter !== undefined && { filter }),
    attributes: ['issuer'],
  });
