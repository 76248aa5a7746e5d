// The realms of OCI: the domain of their hosts, and the regions that this version knows. New regions appear every month.
// Source: regions_definitions.py (OCI Python SDK 2.182.1). The number of a realm alone does not give its domain.
import { ActionError } from '../errors/action-error.ts';

const REALMS: readonly (readonly [realm: string, domain: string, regions: string])[] = [
  [
    'oc1',
    'oraclecloud.com',
    'af-casablanca-1 af-johannesburg-1 ap-batam-1 ap-chuncheon-1 ap-delhi-1 ap-hyderabad-1 ap-kulai-2 ap-melbourne-1 ' +
      'ap-mumbai-1 ap-osaka-1 ap-seoul-1 ap-singapore-1 ap-singapore-2 ap-sydney-1 ap-tokyo-1 ca-montreal-1 ' +
      'ca-toronto-1 eu-amsterdam-1 eu-frankfurt-1 eu-madrid-1 eu-madrid-3 eu-marseille-1 eu-milan-1 eu-paris-1 ' +
      'eu-stockholm-1 eu-turin-1 eu-zurich-1 il-jerusalem-1 me-abudhabi-1 me-dubai-1 me-jeddah-1 me-riyadh-1 ' +
      'mx-monterrey-1 mx-queretaro-1 sa-bogota-1 sa-santiago-1 sa-saopaulo-1 sa-valparaiso-1 sa-vinhedo-1 ' +
      'uk-cardiff-1 uk-london-1 us-ashburn-1 us-chicago-1 us-phoenix-1 us-saltlake-2 us-sanjose-1',
  ],
  ['oc2', 'oraclegovcloud.com', 'us-langley-1 us-luke-1'],
  ['oc3', 'oraclegovcloud.com', 'us-gov-ashburn-1 us-gov-chicago-1 us-gov-phoenix-1'],
  ['oc4', 'oraclegovcloud.uk', 'uk-gov-cardiff-1 uk-gov-london-1'],
  ['oc8', 'oraclecloud8.com', 'ap-chiyoda-1 ap-ibaraki-1'],
  ['oc9', 'oraclecloud9.com', 'me-dcc-muscat-1 me-ibri-1'],
  ['oc10', 'oraclecloud10.com', 'ap-dcc-canberra-1'],
  [
    'oc14',
    'oraclecloud14.com',
    'eu-dcc-dublin-1 eu-dcc-dublin-2 eu-dcc-milan-1 eu-dcc-milan-2 eu-dcc-rating-1 eu-dcc-rating-2',
  ],
  ['oc15', 'oraclecloud15.com', 'ap-dcc-gazipur-1'],
  ['oc19', 'oraclecloud.eu', 'eu-frankfurt-2 eu-madrid-2'],
  ['oc20', 'oraclecloud20.com', 'eu-jovanovac-1'],
  ['oc21', 'oraclecloud21.com', 'me-alrayyan-1 me-dcc-doha-1'],
  ['oc23', 'oraclecloud23.com', 'us-somerset-1 us-thames-1'],
  ['oc24', 'oraclecloud24.com', 'eu-crissier-1 eu-dcc-zurich-1'],
  ['oc26', 'oraclecloud26.com', 'me-abudhabi-3 me-alain-1'],
  ['oc29', 'oraclecloud29.com', 'me-abudhabi-2 me-abudhabi-4'],
  ['oc35', 'oraclecloud35.com', 'ap-chuncheon-2 ap-seoul-2 ap-suwon-1'],
  ['oc42', 'oraclecloud42.com', 'us-ashburn-2 us-newark-1'],
  ['oc51', 'oraclecloud51.com', 'eu-budapest-1'],
  ['oc52', 'oraclecloud52.com', 'sa-riodejaneiro-1'],
];

/** The realm is the third part of `ocid1.tenancy.oc1..…`, and of the old form `ocidv1:tenancy:oc1:phx:…`. */
export function realmOf(ocid: string): string {
  return ocid.split(/[.:]/)[2] ?? '';
}

/** Second-level domain of the hosts of a realm; undefined for a realm that this version does not know. */
export function domainOf(realm: string): string | undefined {
  return REALMS.find(([name]) => name === realm)?.[1];
}

/** The same for the realm of a tenancy. @throws ActionError OCI_REALM_UNKNOWN, with this remedy if there is one */
export function domainOfTenancy(tenancy: string, remedy?: string): string {
  const realm = realmOf(tenancy);
  const domain = domainOf(realm);
  if (domain !== undefined) return domain;
  const text = `The tenancy is in realm ${JSON.stringify(realm)}, whose hosts this version does not know.`;
  throw new ActionError('OCI_REALM_UNKNOWN', text, remedy === undefined ? {} : { remedy });
}

/** Whether a host is in one of Oracle's realms, known to this version or not. */
export function isOracleHost(host: string): boolean {
  return /\.(ocir\.io|oraclecloud\d{0,2}\.com|oraclecloud\.eu|oraclegovcloud\.(com|uk))$/.test(host);
}

/** Whether a host of an identity domain is Oracle's, in one of its forms: `<domain>.identity.<realm's domain>` … */
export function isIdentityHost(host: string): boolean {
  // … `<domain>.<region>-idcs-1.secure.identity.<realm's domain>`, `<domain>.identity.<region>.oci.<realm's domain>`
  return REALMS.some(([, domain]) => {
    if (!host.endsWith(`.${domain}`)) return false;
    return /^[a-z0-9.-]+\.identity(\.[a-z0-9-]+\.oci)?$/.test(host.slice(0, -domain.length - 1));
  });
}

/** @returns undefined for a known region, otherwise the nearest known names; none if all differ by too much */
export function similarRegions(name: string): readonly string[] | undefined {
  const known = REALMS.flatMap(([, , regions]) => regions.split(' '));
  return known.includes(name) ? undefined : nearestNames(name, known);
}

/** Beyond this distance, the nearest name would be a guess. */
const MAX_EDITS = 3;

export function nearestNames(name: string, known: readonly string[]): readonly string[] {
  const distances = known.map((one) => editDistance(name, one));
  const least = Math.min(...distances, MAX_EDITS);
  return known.filter((_one, index) => distances[index] === least);
}

/** Levenshtein distance: insertions, deletions and replacements of one character. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, a] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, b] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (a === b ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
