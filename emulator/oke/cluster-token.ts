// Verifies the bearer token of a cluster: a signed request as a URL, in base64url. Source: `oci ce cluster generate-token`
// (containerengine_cli_extended.py), and the checks that its reader must make.
import { type Principal, verifyRequest } from '../oci/request-signature.ts';
import type { EmulatorRequest } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { realmDomainOf, regionOf } from './clusters.ts';
import type { Cluster } from './settings.ts';

export type ClusterTokenResult = { ok: true; principal: Principal } | { ok: false; reason: string };

const REQUIRED = ['authorization', 'date'];
/** A delegation token: its content is not verified. */
const OPTIONAL = 'opc-obo-token';
const COVERED = ['(request-target)', 'date', 'host'];

/** @param token as in the header `Authorization`, without `Bearer` */
export async function verifyClusterToken(
  token: string,
  cluster: Cluster,
  world: World,
): Promise<ClusterTokenResult> {
  const text = decodeToken(token, world);
  if (text === undefined) return refused('encoding: not base64url as the OCI CLI writes it');
  const url = URL.parse(text);
  if (!url) return refused('url: cannot be read');
  const parameters = [...url.searchParams];
  const reason = urlFault(text, url, cluster) ?? parameterFault(parameters);
  if (reason !== undefined) return refused(reason);
  const request = signedRequest(url, new Map(parameters));
  const covered = coveredNames(request.headers['authorization']?.[0] ?? '');
  if (covered !== COVERED.join(' ')) return refused('coverage: not exactly date, (request-target) and host');
  const signature = await verifyRequest(request, world);
  if (!signature.ok) return signature;
  const { principal } = signature;
  if (principal.tenancy !== cluster.tenancy) return refused('tenancy: not that of the cluster');
  if (principal.isResource && !world.settings.clusterAcceptsRpst) return refused('principal: a resource');
  return signature;
}

function refused(reason: string): ClusterTokenResult {
  return { ok: false, reason };
}

/** Buffer.from ignores characters of no alphabet, so that the text is encoded again and compared. */
function decodeToken(token: string, { settings }: World): string | undefined {
  const bytes = Buffer.from(token, 'base64');
  const standard = bytes.toString('base64');
  const likeTheCli = standard.replaceAll('+', '-').replaceAll('/', '_');
  const others = [standard, likeTheCli.replace(/=+$/, ''), standard.replace(/=+$/, '')];
  const accepted = [likeTheCli, ...(settings.clusterAcceptsOtherBase64 ? others : [])];
  return token !== '' && accepted.includes(token) ? bytes.toString('utf8') : undefined;
}

function urlFault(text: string, url: URL, cluster: Cluster): string | undefined {
  const host = `containerengine.${regionOf(cluster)}.${realmDomainOf(cluster)}`;
  if (url.protocol !== 'https:') return 'url: not https';
  if (url.username !== '' || url.password !== '' || text.includes('#')) return 'url: user or fragment';
  if (url.host !== host) return 'url: another host';
  if (url.pathname !== `/cluster_request/${cluster.id}`) return 'url: another cluster';
  // The URL parser removes white space and a port of 443.
  return text.startsWith(`https://${host}/cluster_request/${cluster.id}?`) ? undefined : 'url: another form';
}

function parameterFault(parameters: readonly (readonly [string, string])[]): string | undefined {
  const names = parameters.map(([name]) => name);
  if (new Set(names).size !== names.length) return 'parameters: one is repeated';
  if (!REQUIRED.every((name) => names.includes(name))) return 'parameters: one is missing';
  const known = [...REQUIRED, OPTIONAL];
  return names.every((name) => known.includes(name)) ? undefined : 'parameters: an unknown one';
}

/** The request that was signed: its path has no query. */
function signedRequest(url: URL, parameters: ReadonlyMap<string, string>): EmulatorRequest {
  const headers = { host: [url.host], ...valuesOf(parameters) };
  return { method: 'GET', target: url.pathname, headers, body: Buffer.alloc(0), requestId: '' };
}

function valuesOf(parameters: ReadonlyMap<string, string>): Record<string, string[]> {
  return Object.fromEntries(REQUIRED.map((name) => [name, [parameters.get(name) ?? '']]));
}

function coveredNames(authorization: string): string {
  const names = /[ ,]headers="([^"]*)"/.exec(authorization)?.[1] ?? '';
  return names.toLowerCase().split(' ').toSorted().join(' ');
}
