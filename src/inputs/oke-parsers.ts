// Parsers of the inputs for clusters of OKE.
import { endpoint, invalid, quoted, splitList } from './parsers.ts';
import { domainOf, realmOf } from './regions.ts';

export interface OkeCluster {
  /** OCID. */
  id: string;
  /** Second-level domain of the hosts of its realm. */
  realmDomain: string;
  /** Undefined if the OCID abbreviates it in a way that this version does not know. */
  region: string | undefined;
}

/** The OCID becomes part of a URL path, an argument and messages, so other characters than those of an OCID are refused. */
const CLUSTER = /^ocid1\.cluster\.[a-z0-9]+\.([a-z0-9-]+)\.([a-z0-9-]*\.)?[a-z0-9]{1,100}$/;

/** The regions whose names OCIDs abbreviate. @see Resource Identifiers (OCI documentation) */
const SHORT_NAMES: Readonly<Record<string, string>> = { iad: 'us-ashburn-1', phx: 'us-phoenix-1' };

/** Each cluster once. */
export function clusters(raw: string): readonly OkeCluster[] {
  const ids = [...new Set(splitList(raw))];
  if (ids.length === 0) return invalid('must contain the OCID of a cluster');
  return ids.map((id) => {
    const [, name = ''] = CLUSTER.exec(id) ?? [];
    if (name === '')
      return invalid(`must contain only OCIDs of clusters, ocid1.cluster.oc1.…, not ${quoted(id)}`);
    const realmDomain = domainOf(realmOf(id));
    if (realmDomain === undefined)
      return invalid(`must be in a realm whose hosts this version knows, not ${quoted(realmOf(id))}`);
    return { id, realmDomain, region: SHORT_NAMES[name] ?? (/-\d+$/.test(name) ? name : undefined) };
  });
}

/** kubectl sends no credentials over plain HTTP. */
export function server(raw: string): URL {
  const url = endpoint(raw);
  return url.protocol === 'https:' ? url : invalid('must begin with https://');
}
