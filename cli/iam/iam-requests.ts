// Requests to OCI IAM: hosts, paging, refusals.
import { domainOf, realmOf } from '../../src/inputs/regions.ts';
import { type Api, type ApiOptions, createApi, listIn, objectIn } from '../connect/api.ts';
import type { OciConnection } from '../connect/connection.ts';
import type { ServiceTexts } from '../connect/refusal.ts';
import { CommandError } from '../failure.ts';

const PAGE_SIZE = '100';
const MAX_PAGES = 1000;

function serviceTexts(unauthorizedAdvice: string): ServiceTexts {
  return {
    name: 'OCI IAM',
    hostOption: '`--region`',
    unauthorizedAdvice,
    reasonIn: ({ code, message }) => ({ code, text: message }),
    explain({ code, text }) {
      if (code === 'NotAllowed' && /home region/i.test(text))
        return { code: 'SERVICE_REFUSED', remedy: 'Name the home region of the tenancy with `--region`.' };
      if (code === 'NotAuthorizedOrNotFound')
        return {
          code: 'NOT_PERMITTED',
          remedy:
            'A policy must let the account `inspect compartments` and `inspect domains` in the tenancy, and `manage policies` in the compartment. Also check the OCID of the compartment.',
        };
      return undefined;
    },
  };
}

export interface IamRequests {
  api: Api;
  service: ServiceTexts;
  /** Address in the region of the profile, or in another one. */
  at(path: string, query?: Readonly<Record<string, string>>, region?: string): URL;
  tenancy: string;
  homeRegion(): Promise<string>;
  clock: ApiOptions['clock'];
}

/** @throws CommandError CREDENTIALS_UNUSABLE without tenancy, region or signature */
export function iamRequests(
  connection: OciConnection,
  options: Omit<ApiOptions, 'service' | 'connection'>,
): IamRequests {
  const { tenancy, region, reachesIam, advice } = connection;
  if (!reachesIam)
    throw unusable('OCI IAM does not accept an access token of a domain.', 'Use another `--auth`.');
  if (tenancy === undefined) throw unusable('The profile has no `tenancy`.', 'Add `tenancy` to the profile.');
  if (region === undefined) throw unusable('The profile has no `region`.', 'Name it with `--region`.');
  if (!/^[a-z0-9-]{1,40}$/.test(region))
    throw unusable(
      `The region ${JSON.stringify(region)} has a wrong form.`,
      'Correct `--region`, or `region` in the profile.',
    );
  const suffix = domainOf(realmOf(tenancy));
  if (suffix === undefined)
    throw unusable(
      `This version does not know the hosts of realm ${JSON.stringify(realmOf(tenancy))}.`,
      'Check `tenancy` of the profile.',
    );
  const service = serviceTexts(advice);
  const api = createApi({ ...options, connection, service });
  const client: Omit<IamRequests, 'homeRegion'> = {
    api,
    service,
    tenancy,
    clock: options.clock,
    at(path, query = {}, of = region) {
      const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
      const search = pairs.length > 0 ? `?${pairs.join('&')}` : '';
      return new URL(`https://identity.${of}.oci.${suffix}/20160918/${path}${search}`);
    },
  };
  let home: Promise<string> | undefined;
  return {
    ...client,
    homeRegion() {
      home ??= findHomeRegion(client);
      return home;
    },
  };
}

function unusable(text: string, remedy: string): CommandError {
  return new CommandError('CREDENTIALS_UNUSABLE', text, { remedy });
}

/** @see ListRegionSubscriptions (IAM API) */
async function findHomeRegion({
  api,
  service,
  at,
  tenancy,
}: Omit<IamRequests, 'homeRegion'>): Promise<string> {
  const what = 'Reading the home region';
  const url = at(`tenancies/${encodeURIComponent(tenancy)}/regionSubscriptions`);
  const response = await api.call({ method: 'GET', url }, what);
  const home = listIn(response, service, what).find((one) => one['isHomeRegion'] === true);
  const name = home?.['regionName'];
  // It becomes part of a host name.
  if (typeof name === 'string' && /^[a-z0-9-]{1,40}$/.test(name)) return name;
  throw new CommandError('RESPONSE_MALFORMED', `${what}: no region is the home region.`, {
    requestId: response.requestId,
  });
}

export async function read(
  { api, service, at }: IamRequests,
  path: string,
  what: string,
): Promise<Record<string, unknown>> {
  return objectIn(await api.call({ method: 'GET', url: at(path) }, what), service, what);
}

export async function readAll(
  { api, service, at }: IamRequests,
  path: string,
  query: Readonly<Record<string, string>>,
  what: string,
  region?: string,
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let page: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const url = at(path, { ...query, limit: PAGE_SIZE, ...(page !== undefined && { page }) }, region);
    const response = await api.call({ method: 'GET', url }, what);
    found.push(...listIn(response, service, what));
    page = response.headers['opc-next-page'];
    if (!page) return found;
  }
  throw new CommandError('RESPONSE_MALFORMED', `${what}: the list has no end.`);
}

/** A member that should be a string. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
