// Where the services of a realm live: the second-level domain of each realm known so far. Knows no service.

/** @see regions_definitions.py (OCI Python SDK). A number alone does not give the domain: oc2, oc3, oc4 and oc19 differ. */
const DOMAINS: ReadonlyMap<string, string> = new Map([
  ['oc1', 'oraclecloud.com'],
  ['oc2', 'oraclegovcloud.com'],
  ['oc3', 'oraclegovcloud.com'],
  ['oc4', 'oraclegovcloud.uk'],
  ['oc19', 'oraclecloud.eu'],
  ...[8, 9, 10, 14, 15, 20, 21, 23, 24, 26, 29, 35, 42, 51, 52].map(
    (number) => [`oc${number}`, `oraclecloud${number}.com`] as const,
  ),
]);

/** Third part of an OCID: `ocid1.tenancy.oc1..…`. */
export function realmOf(ocid: string): string {
  return ocid.split('.')[2] ?? '';
}

/** Undefined for a realm that is not known here. */
export function domainOfRealm(realm: string): string | undefined {
  return DOMAINS.get(realm);
}
